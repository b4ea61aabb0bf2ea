import { describe, expect, it } from 'vitest'
import { readFile } from '../../../src/core/desired.ts'

const problemsOf = (text: string) =>
  readFile(text).problems.map(({ code, line, column }) => `${line}:${column} ${code}`)
const partsOf = (text: string) => {
  const { parts, problems } = readFile(text)
  expect(problems).toEqual([])
  return parts.map(({ part }) => part)
}
const layer = (metadata: string, more = '') =>
  `apiVersion: honua.io/v1alpha1\nkind: Layer\nmetadata:\n  name: parcels\n${metadata}spec: {}\n${more}`

describe('the two forms', () => {
  it('the seed form keeps all of its metadata but the name', () => {
    const text =
      'apiVersion: honua.io/v1\nkind: Layer\nmetadata:\n  name: parcels\n  service: city\n  description: x\nspec:\n  title: Parcels\n'
    expect(partsOf(text)).toEqual([
      {
        key: 'Layer/default/parcels',
        apiVersion: 'honua.io/v1',
        kind: 'Layer',
        namespace: 'default',
        name: 'parcels',
        metadata: { service: 'city', description: 'x' },
        spec: { title: 'Parcels' },
      },
    ])
  })

  it('the manifest form loses what the server owns', () => {
    const text = layer(
      '  namespace: gis\n  id: "7"\n  resourceVersion: "3"\n  generation: 2\n  createdAt: x\n  updatedAt: y\n  labels: {team: gis}\n',
      'status: {ready: true}\n',
    )
    expect(partsOf(text)).toMatchObject([{ key: 'Layer/gis/parcels', metadata: { labels: { team: 'gis' } }, spec: {} }])
  })

  it('v1alpha0 is read as v1alpha1', () => {
    expect(partsOf(layer('').replace('v1alpha1', 'v1alpha0'))).toMatchObject([{ apiVersion: 'honua.io/v1alpha1' }])
  })

  it('JSON and several documents of one file are read alike', () => {
    const json = '{"apiVersion":"honua.io/v1","kind":"Theme","metadata":{"name":"a"},"spec":{}}'
    expect(partsOf(`${json}\n---\n${layer('')}`).map(({ key }) => key)).toEqual([
      'Theme/default/a',
      'Layer/default/parcels',
    ])
  })
})

describe('mistakes of the envelope', () => {
  it.each([
    ['hello\n', '1:1 HONUA_RESOURCE_FORM'],
    ['- a\n- b\n', '1:1 HONUA_RESOURCE_FORM'],
    ['apiVersion: honua.io/v1\nkind: List\nitems: []\n', '3:1 HONUA_RESOURCE_FORM'],
    ['resources:\n  - kind: Layer\n', '1:1 HONUA_RESOURCE_FORM'],
    [layer('').replace('honua.io/v1alpha1', 'apps/v1'), '1:1 HONUA_RESOURCE_API_VERSION'],
    [layer('').replace('honua.io/v1alpha1', '1'), '1:1 HONUA_RESOURCE_FORM'],
    [layer('').replace('Layer', 'layer'), '2:1 HONUA_RESOURCE_NAME'],
    [layer('').replace('Layer', '../x'), '2:1 HONUA_RESOURCE_NAME'],
    [layer('').replace('parcels', '404'), '4:3 HONUA_RESOURCE_FORM'],
    [layer('').replace('parcels', '../../etc/passwd'), '4:3 HONUA_RESOURCE_NAME'],
    [layer('').replace('parcels', 'a%2fb'), '4:3 HONUA_RESOURCE_NAME'],
    [layer('').replace('parcels', '-x'), '4:3 HONUA_RESOURCE_NAME'],
    [layer('').replace('parcels', 'x'.repeat(251)), '4:3 HONUA_RESOURCE_NAME'],
    [layer('').replace('parcels', '"par\u202ecels"'), '4:3 HONUA_RESOURCE_NAME'],
    [layer('  namespace: "a/b"\n'), '5:3 HONUA_RESOURCE_NAME'],
    [layer('  namespace: 7\n'), '5:3 HONUA_RESOURCE_FORM'],
    [layer('  labels: [a]\n'), '5:3 HONUA_RESOURCE_FORM'],
    [layer('  labels:\n    a: [1]\n'), '6:5 HONUA_RESOURCE_FORM'],
    [layer('  annotations:\n    gitops.honua.io/wave: 5\n'), '6:5 HONUA_RESOURCE_ANNOTATION'],
    [layer('  annotations:\n    gitops.honua.io/wave: "1.5"\n'), '6:5 HONUA_RESOURCE_ANNOTATION'],
    [layer('  annotations:\n    gitops.honua.io/prune: false\n'), '6:5 HONUA_RESOURCE_ANNOTATION'],
    [layer('').replace('spec: {}', 'spec: [1]'), '5:1 HONUA_RESOURCE_FORM'],
    [layer('').replace('spec', 'sepc'), '5:1 HONUA_RESOURCE_FORM'],
    ['apiVersion: honua.io/v1\nkind: ServiceCollection\nspec: {}\n', '2:1 HONUA_RESOURCE_KIND'],
    ['kind: DatasourceConfiguration\ndatasources: {}\n', '1:1 HONUA_RESOURCE_KIND'],
  ])('%j → %s', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem])
    expect(readFile(text).parts).toEqual([])
  })

  it('a name of 250 characters is read, as it fits into a file name', () => {
    expect(problemsOf(layer('').replace('parcels', 'x'.repeat(250)))).toEqual([])
  })

  it('all mistakes of a document are told at once', () => {
    expect(problemsOf('kind: layer\nmetadata:\n  name: 5\nspecs: {}\n')).toEqual([
      '1:1 HONUA_RESOURCE_FORM',
      '1:1 HONUA_RESOURCE_NAME',
      '3:3 HONUA_RESOURCE_FORM',
      '4:1 HONUA_RESOURCE_FORM',
    ])
  })

  it('what was probably meant is said', () => {
    const messages = readFile('apiVersion: honua.io/v1\nkind: layer\nmetadata:\n  name: 5\nspecs: {}\n').problems.map(
      ({ message }) => message,
    )
    expect(messages.join('\n')).toContain('did you mean Layer?')
    expect(messages.join('\n')).toContain('did you mean spec?')
    expect(messages.join('\n')).toContain('metadata.name must be a text, not a number; put it in quotes')
  })
})

describe('notes', () => {
  it.each(['DeploymentPolicy', 'Migration', 'GitOpsController'])(
    'a %s is left aside, and the resources beside it are read',
    (kind) => {
      const { parts, problems, notes } = readFile(`apiVersion: honua.io/v1\nkind: ${kind}\n---\n${layer('')}`)
      expect(problems).toEqual([])
      expect(parts).toMatchObject([{ index: 1, part: { kind: 'Layer' } }])
      expect(notes).toMatchObject([expect.stringContaining(`a ${kind} is recognised and not acted on yet`)])
    },
  )

  it('a kind and an annotation that look like known ones are noted, not refused', () => {
    const { notes, problems } = readFile(
      layer('  annotations: {gitops.honua.io/waves: "1"}\n').replace('Layer', 'Layr'),
    )
    expect(problems).toEqual([])
    expect(notes).toEqual([
      'the annotation "gitops.honua.io/waves" means nothing to the controller; did you mean gitops.honua.io/wave?',
      'the kind Layr is not known and not checked; did you mean Layer?',
    ])
  })
})
