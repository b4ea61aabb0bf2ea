import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../src/cli/program.ts'

const parse = (line: string) =>
  parseArguments(
    line.split(' ').filter((word) => word !== ''),
    { columns: 100 },
  )

describe('arguments become options', () => {
  const TEN_MINUTES = 600_000
  it.each<[string, string, object]>([
    ['controller status', 'controller status', { watch: false }],
    ['controller status --watch', 'controller status', { watch: true }],
    [
      'controller sync production',
      'controller sync',
      { environment: 'production', wait: false, timeoutMs: TEN_MINUTES },
    ],
    [
      'controller sync dev --wait --timeout 90s',
      'controller sync',
      { environment: 'dev', wait: true, timeoutMs: 90_000 },
    ],
    ['controller validate a.yaml', 'controller validate', { file: 'a.yaml' }],
    ['controller run --config a.yaml', 'controller run', { config: 'a.yaml' }],
    ['env list', 'env list', {}],
    ['env show dev', 'env show', { environment: 'dev' }],
    ['env diff dev --format unified', 'env diff', { environment: 'dev', format: 'unified' }],
    ['env history dev -n 3', 'env history', { environment: 'dev', limit: 3 }],
    ['env unhold dev', 'env unhold', { environment: 'dev', reason: '' }],
    ['deployment list --env dev', 'deployment list', { environment: 'dev', limit: 20 }],
    ['deployment show x-1', 'deployment show', { id: 'x-1', format: 'table' }],
    ['deployment reject x-1 -m no', 'deployment reject', { id: 'x-1', reason: 'no' }],
    ['deployment cancel x-1', 'deployment cancel', { id: 'x-1', reason: '' }],
    [
      'deployment approve x-1 --plan 3f9ac2d1 --wait',
      'deployment approve',
      { id: 'x-1', reason: '', plan: '3f9ac2d1', wait: true, timeoutMs: TEN_MINUTES },
    ],
    [
      'restore dev --target db --backup monday -m lost',
      'restore',
      { environment: 'dev', target: 'db', backup: 'monday', reason: 'lost' },
    ],
    [
      'rollback dev --to abcdef1',
      'rollback',
      { environment: 'dev', to: 'abcdef1', reason: '', wait: false, timeoutMs: TEN_MINUTES },
    ],
    ['source accept-rewrite abcdef1', 'source accept-rewrite', { commit: 'abcdef1', reason: '' }],
    [
      'replay dev --from 3 --to 5 --step',
      'replay',
      { environment: 'dev', from: 3, to: 5, step: true, exportTo: null, file: null, machine: null },
    ],
    ['events --follow', 'events', { environment: null, follow: true, limit: 20 }],
    ['audit verify', 'audit verify', { file: null }],
    [
      'driver test --settings {"a":1} --secret token=EDGE_TOKEN --timeout 5s -- ./drive --fast -o x',
      'driver test',
      {
        command: ['./drive', '--fast', '-o', 'x'],
        settings: { a: 1 },
        secrets: [{ name: 'token', variable: 'EDGE_TOKEN' }],
        kind: 'Theme',
        timeoutMs: 5000,
      },
    ],
    ['schema Layer', 'schema', { name: 'Layer' }],
    ['version', 'version', {}],
  ])('%s', (line, name, options) => {
    expect(parse(line)).toMatchObject({ kind: 'command', name, options })
  })

  it('global options stand before or after the command', () => {
    const global = { socket: '/s', output: 'json', color: false }
    expect(parse('--socket /s -o json --no-color env list')).toMatchObject({ global })
    expect(parse('env list --socket /s -o json --no-color')).toMatchObject({ global })
  })

  it('--until takes a duration from now, or a moment with its zone', () => {
    const until = (text: string) => {
      const parsed = parse(`env hold dev -m x --until ${text}`)
      if (parsed.kind !== 'command' || !('until' in parsed.options) || typeof parsed.options.until !== 'function')
        throw new Error('no hold')
      return parsed.options.until(1_000)
    }
    expect(until('2h')).toBe(7_201_000)
    expect(until('2026-01-05T10:00Z')).toBe(Date.UTC(2026, 0, 5, 10))
    expect(parse('env hold dev -m x --until tomorrow').kind).toBe('usage')
    expect(parse('env hold dev -m x --until 2026-01-05T10:00').kind).toBe('usage')
  })
})

describe('a wrong command line says what was meant', () => {
  it.each([
    ['contoller status', 'did you mean controller'],
    ['controller stauts', 'did you mean status'],
    ['env lst', 'did you mean list'],
    ['controller sync dev --wiat', 'did you mean --wait'],
    ['controller sync', "missing required argument 'environment'"],
    ['env hold dev', '--reason'],
    ['deployment reject x', '--reason'],
    ['env diff dev --format html', 'Allowed choices are table, json, unified'],
    ['controller sync dev --timeout soon', 'Expected a duration'],
    ['env history dev -n 0', 'at least 1'],
    ['deployment approve x --plan 3f', '8 to 64 characters'],
    ['env list surplus', 'too many arguments'],
    ['replay', 'name an environment, or a bundle'],
    ['replay dev --file a.json', 'name an environment, or a bundle'],
    ['env', 'which one? list, show, diff'],
    ['--no-color', 'which one? controller, env'],
    ['-o xml env list', 'Allowed choices are text, json, yaml'],
  ])('%s', (line, said) => {
    const parsed = parse(line)
    expect(parsed.kind === 'usage' ? parsed.error : parsed).toMatchObject({
      code: 'HONUA_USAGE',
      message: expect.stringContaining(said),
    })
  })
})

describe('help', () => {
  it('is what no words at all get', () => {
    expect(parse('')).toMatchObject({ kind: 'help', text: expect.stringContaining('Commands:') })
  })

  it('of the program lists every exit code', () => {
    const parsed = parse('--help')
    const text = parsed.kind === 'help' ? parsed.text : ''
    for (const code of [0, 1, 2, 3, 4, 5, 6, 7, 8, 20]) expect(text).toMatch(new RegExp(`^ +${code}  \\w`, 'm'))
  })

  it.each([
    'controller run',
    'controller status',
    'controller sync',
    'env diff',
    'env hold',
    'deployment approve',
    'rollback',
    'restore',
    'replay',
    'events',
  ])('of %s has examples', (command) => {
    const parsed = parse(`${command} -h`)
    expect(parsed.kind === 'help' ? parsed.text : '').toContain(`honua ${command}`)
    expect(parsed.kind === 'help' ? parsed.text : '').toContain('Examples:')
  })
})
