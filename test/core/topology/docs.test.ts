import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkSteps } from '../../../src/core/checks/index.ts'
import { stepLibrary } from '../../../src/core/topology/index.ts'
import { inputRows, stepRows } from '../../support/steps-page.ts'

const page = (name: string) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8').split('\n')
const rowsOf = (name: string, step: RegExp) => page(name).filter((line) => step.test(line))

/** HONUA-API §1.5, in its order. */
const HONUA_STEPS = [
  ...['validate-topology', 'check-dependencies', 'verify-backups', 'test-connectivity'],
  ...['create-backup', 'run-migrations', 'rebuild-indexes', 'analyze-tables'],
  ...['update-metadata', 'rolling-restart', 'health-check', 'warmup-cache'],
  ...['update-load-balancer', 'flush-cdn-cache', 'update-dns', 'verify-ssl'],
  ...['ogc-conformance-test', 'performance-benchmark', 'smoke-tests', 'monitor-errors'],
  ...['regenerate-tiles', 'warm-metadata-cache', 'notify-stakeholders', 'update-documentation'],
]

describe('the library of steps', () => {
  it('knows every name that Honua has, in its phase, and no other', () => {
    expect(stepLibrary.map(({ name }) => name)).toEqual(HONUA_STEPS)
  })

  it('says of each what it does, how long it may take, and how often it is tried', () => {
    const vague = stepLibrary.filter(({ does, timeoutMs, tries }) => does === '' || timeoutMs < 1_000 || tries < 1)
    expect(vague).toEqual([])
  })

  it('has each checking step as one that drivers do', () => {
    const acts = stepLibrary.flatMap(({ name, means }) => (means === 'act' ? [name] : []))
    expect(checkSteps.filter((step) => !acts.includes(step))).toEqual([])
  })

  it('is told step by step in docs/topology.md', () => {
    expect(
      rowsOf('topology.md', /^\| `[a-z-]+` \| (pre-flight|database|application|edge|validation|post-deployment) /),
    ).toEqual(stepRows())
  })

  it('of checking steps, every input is told in docs/drivers.md', () => {
    const rows = inputRows()
    expect(rows.filter((row) => row.endsWith('|  |'))).toEqual([])
    expect(rowsOf('drivers.md', new RegExp(`^\\| \`(${checkSteps.join('|')})\` \\| \`[a-zA-Z]+\` `))).toEqual(rows)
  })
})
