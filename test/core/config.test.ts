import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  configJsonSchema,
  configReference,
  environmentsOf,
  formatProblem,
  loadConfig,
  restartReasons,
  secretNames,
  settingsFor,
  targetsFor,
} from '../../src/core/config/index.ts'
import { formatDuration, parseDuration } from '../../src/core/duration.ts'
import { suggest } from '../../src/core/suggest.ts'

const EXAMPLE = readFileSync(new URL('../../config/gitops-controller.yaml', import.meta.url), 'utf8')

function changed(from: string, to: string): readonly string[] {
  expect(EXAMPLE).toContain(from)
  return loadConfig(EXAMPLE.replace(from, to), 'f.yaml').problems.map(formatProblem)
}

function example() {
  const { config } = loadConfig(EXAMPLE, 'f.yaml')
  if (config === null) throw new Error('the example is not valid')
  return config
}

describe('the example configuration', () => {
  it('is valid, and what it uses that is not active yet is named', () => {
    const { problems, inactive } = loadConfig(EXAMPLE, 'f.yaml')
    expect([problems, inactive.map((one) => one.split(' ')[0])]).toEqual([
      [],
      ['spec.notifications.slack', 'spec.health.checks'],
    ])
  })

  it('gives each environment its settings and its targets', () => {
    const config = example()
    expect(environmentsOf(config)).toEqual(['dev', 'staging', 'production'])
    expect(settingsFor(config, 'staging')).toMatchObject({
      autoSync: true,
      prune: false,
      windows: [{ days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'], fromMinute: 540, toMinute: 1020, timeZone: 'UTC' }],
      outsideWindow: 'ask',
      retry: { enabled: true, attemptsMax: 3, backoff: 'exponential', initialDelayMs: 60_000 },
      reconcileIntervalMs: 300_000,
      targets: ['files'],
    })
    expect(targetsFor(config, 'production').map((target) => target.name)).toEqual(['files', 'gis'])
  })

  it('an environment that is not named asks for everything and deletes nothing', () => {
    expect(settingsFor(example(), 'unheard-of')).toMatchObject({ autoSync: false, prune: false })
    expect(settingsFor(example(), 'constructor')).toMatchObject({ autoSync: false })
  })

  it('names the secrets it refers to', () => {
    expect([...secretNames(example())].sort()).toEqual(['SLACK_WEBHOOK', 'WEBHOOK_SECRET', 'gis-key', 'git-deploy-key'])
  })
})

describe('a mistake in the configuration', () => {
  it.each([
    [
      'interval: 30s #',
      'interval: 30 #',
      'f.yaml:19:17 spec.git.poll.interval: expected a duration such as 30s, got 30 (number)',
    ],
    ['branch: main', 'brunch: main', 'f.yaml:12:5 spec.git.brunch: unknown key; did you mean "branch"?'],
    ['prune: true #', 'prune: yes #', 'spec.sync.dev.prune: expected boolean, received string'],
    [
      'backoff: exponential',
      'backoff: exponental',
      'expected one of exponential, constant; did you mean "exponential"?',
    ],
    ['driver: honua', 'driver: hona', 'expected one of directory, honua; did you mean "honua"?'],
    ['timeZone: UTC', 'timeZone: Mars', '"Mars" is no IANA time zone'],
    ['hours: "09:00-17:00"', 'hours: "9-17"', 'expected hours such as "09:00-17:00"'],
    ['branch: main', 'branch: --upload-pack=x', 'spec.git.branch'],
    ['url: https://github.com', 'url: ext::sh -c x', 'spec.git.url'],
    ['    production:', '    Production_1:', 'expected an environment name'],
    ['path: /srv/honua/{environment}', 'path: /srv/honua', 'two environments would deploy to one folder'],
    ['name: gis', 'name: files', 'another target is called "files" too'],
  ])('%s → %s is told with its place and a hint', (from, to, told) => {
    expect(changed(from, to).join('\n')).toContain(told)
  })

  it('all mistakes are told at once', () => {
    const text = EXAMPLE.replace('branch: main', 'brunch: main').replace('maxAttempts: 3', 'maxAttempts: many')
    expect(loadConfig(text, 'f.yaml').problems).toHaveLength(2)
  })

  it('sync and environments are one thing under two names, not both', () => {
    expect(changed('  sync: #', '  environments: {}\n  sync: #').join()).toContain('another word for spec.sync')
    expect(loadConfig(EXAMPLE.replace('  sync: #', '  environments: #'), 'f.yaml').problems).toEqual([])
  })

  it('broken YAML is told with its line', () => {
    expect(changed('    branch: main', '    branch: [main').join()).toMatch(/^f\.yaml:\d+:\d+ /)
  })

  it.each(['*!', 'a: &a [*a]', '&a *a'])('an alias that leads nowhere (%s) is a mistake like any other', (text) => {
    expect(loadConfig(text, 'f.yaml').config).toBeNull()
  })

  it('whatever the text, loading ends with a configuration or with problems', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.nat(EXAMPLE.length), (junk, at) => {
        for (const text of [junk, EXAMPLE.slice(0, at) + junk + EXAMPLE.slice(at)]) {
          const { config, problems } = loadConfig(text, 'f.yaml')
          expect(config === null).toBe(problems.length > 0)
        }
      }),
      { numRuns: 150 },
    )
    expect(Object.keys({})).toEqual([])
  })

  it('keys that reach for the machinery of objects are unknown keys like any other', () => {
    expect(changed('  sync: #', '  __proto__: { polluted: true }\n  sync: #').length).toBeGreaterThan(0)
    expect('polluted' in {}).toBe(false)
  })
})

describe('a changed configuration', () => {
  it('says what needs a restart', () => {
    const { config } = loadConfig(
      EXAMPLE.replace('dataDir: ./data', 'dataDir: /var/lib/honua').replace('interval: 5m', 'interval: 6m'),
      'f.yaml',
    )
    expect(config === null ? [] : restartReasons(example(), config)).toEqual([
      'spec.dataDir changed; restart the controller to take the new configuration',
    ])
  })
})

describe('what is made from the schema', () => {
  it('the reference page is fresh; if not, run: npm run reference', () => {
    expect(readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8')).toBe(configReference())
  })

  it('the JSON Schema requires what the configuration requires', () => {
    expect(configJsonSchema()).toMatchObject({ required: ['apiVersion', 'kind', 'metadata', 'spec'] })
  })
})

describe('durations', () => {
  it('are read and written exactly', () => {
    fc.assert(fc.property(fc.nat(1_000_000_000), (ms) => parseDuration(formatDuration(ms)) === ms))
  })

  it.each(['', '30', '5 m', '-1s', 'm', '1.5h', '1h-2m'])('"%s" is none', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })
})

describe('a suggestion', () => {
  it('is the nearest word when it is near, and nothing when it is not', () => {
    expect([suggest('autosync', ['autoSync', 'prune']), suggest('xyzzy', ['autoSync', 'prune'])]).toEqual([
      'autoSync',
      undefined,
    ])
  })
})
