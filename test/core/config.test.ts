import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  checkSecrets,
  environmentsOf,
  formatProblem,
  loadConfig,
  notYetActive,
  restartReasons,
  secretNames,
  settingsFor,
  targetsFor,
} from '../../src/core/config/index.ts'
import { isEnvironmentName } from '../../src/core/names.ts'
import { EXAMPLE, example, minimal } from '../support/builders/configs.ts'

describe('the example configuration', () => {
  it('is valid, and what it uses that is not active yet is named', () => {
    const { problems, notes } = loadConfig(EXAMPLE, 'f.yaml')
    expect([problems, notes.map((one) => one.split(' ')[0])]).toEqual([
      [],
      ['spec.notifications.slack', 'spec.health.checks'],
    ])
  })

  it('gives each environment its settings and its targets', () => {
    const config = example()
    expect(environmentsOf(config)).toEqual(['dev', 'staging', 'production'])
    expect(settingsFor(config, 'staging')).toEqual({
      autoSync: true,
      prune: false,
      windows: [{ days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'], fromMinute: 540, toMinute: 1020, timeZone: 'UTC' }],
      outsideWindow: 'ask',
      retry: {
        enabled: true,
        attemptsMax: 3,
        backoff: 'exponential',
        initialDelayMs: 60_000,
        maxDelayMs: 1_800_000,
      },
      reconcileIntervalMs: 300_000,
      approvalTtlMs: 86_400_000,
      maxDeletePercent: 50,
      ignore: [],
      targets: ['files'],
      verifyTimeoutMs: 120_000,
      drift: { mode: 'warn', initialDelayMs: 30_000, maxDelayMs: 3_600_000 },
    })
    expect(settingsFor(config, 'production').ignore).toEqual([{ kind: 'Layer', pointer: '/spec/statistics' }])
    expect(targetsFor(config, 'production').map((target) => target.name)).toEqual(['files', 'gis'])
  })

  it('an environment that is not named asks for everything and deletes nothing', () => {
    for (const name of ['unheard-of', 'constructor', '__proto__'])
      expect(settingsFor(example(), name)).toMatchObject({ autoSync: false, prune: false, windows: [] })
  })

  it('names the secrets it refers to', () => {
    expect([...secretNames(example())].sort()).toEqual(['SLACK_WEBHOOK', 'WEBHOOK_SECRET', 'gis-key', 'git-deploy-key'])
  })
})

describe('the design document', () => {
  /** The configuration section of the document that the product began with, word for word. */
  const SEED = readFileSync(new URL('../support/seed-configuration.yaml', import.meta.url), 'utf8')

  it('holds a configuration that is taken as it stands; what it cannot do is told', () => {
    const { config, problems, notes } = loadConfig(SEED, 'seed.yaml')
    expect(problems).toEqual([])
    expect(notes.map((one) => one.split(' ')[0])).toEqual([
      'spec.notifications.slack',
      'spec.health.checks',
      'spec.git.credentials:',
      'spec.targets',
    ])
    expect(config === null ? [] : environmentsOf(config)).toEqual(['dev', 'staging', 'production'])
  })
})

describe('what is accepted and not active yet', () => {
  it('is told in full, and never where messages would be posted to', () => {
    const told = notYetActive(example())
    expect(told).toEqual({
      slack: {
        enabled: true,
        channel: expect.any(String),
        events: expect.arrayContaining([expect.any(String)]),
        hasAddress: true,
      },
      healthChecks: expect.arrayContaining([{ type: 'git-connectivity', intervalMs: expect.any(Number) }]),
    })
    expect(JSON.stringify(told)).not.toContain('SLACK_WEBHOOK')
  })
})

describe('settings', () => {
  it('environments: is another word for sync:', () => {
    const [one, other] = ['sync', 'environments'].map(
      (word) => loadConfig(minimal({ [word]: { dev: {} } }), 'f').config,
    )
    expect(one && settingsFor(one, 'dev')).toEqual(other && settingsFor(other, 'dev'))
  })

  it('a first pause longer than half an hour is not cut by the default of the longest one', () => {
    const { config } = loadConfig(minimal({ reconciliation: { retry: { initialDelay: '2h' } } }), 'f')
    expect(config && settingsFor(config, 'dev').retry).toMatchObject({
      initialDelayMs: 7_200_000,
      maxDelayMs: 7_200_000,
    })
  })

  it('the names that are taken are the names of environments', () => {
    fc.assert(
      fc.property(fc.oneof(fc.stringMatching(/^[a-z0-9-]{0,65}$/), fc.string(), fc.constant('common')), (name) => {
        fc.pre(!['__proto__', 'constructor', 'prototype'].includes(name))
        const isTaken = loadConfig(JSON.stringify(parse(minimal({ sync: { [name]: {} } }))), 'f').config !== null
        expect(isTaken).toBe(isEnvironmentName(name))
      }),
    )
  })

  it.each([
    ['22:00-02:00', 1320, 120],
    ['00:00-24:00', 0, 1440],
    ['09:30-09:30', 570, 570],
  ])('hours %s are minutes %i to %i of the day', (hours, fromMinute, toMinute) => {
    const conditions = [{ type: 'time-window', days: ['Sat'], hours, timeZone: 'Europe/Vienna' }]
    const { config } = loadConfig(minimal({ sync: { dev: { conditions } } }), 'f')
    expect(config && settingsFor(config, 'dev').windows).toEqual([
      { days: ['Sat'], fromMinute, toMinute, timeZone: 'Europe/Vienna' },
    ])
  })
})

describe('what is accepted and does nothing', () => {
  it.each([
    ['polling is off', { git: { url: 'https://h/r.git', poll: { enabled: false } } }, 'honua controller sync only'],
    ['an ssh URL without a key', { git: { url: 'git@h:r.git' } }, 'ssh needs an ssh-key'],
    ['an environment without a target', { sync: { dev: {} } }, 'nothing is deployed there'],
    [
      'a target for an environment with a slip in its name',
      {
        sync: { production: {} },
        targets: [{ name: 'a', driver: 'honua', url: 'https://h', environments: ['prodution'] }],
      },
      '"prodution" is not in spec.sync, so that a person must approve all of it; did you mean "production"?',
    ],
    ['waiting without a window', { sync: { dev: { outsideWindow: 'wait' } } }, 'no window to wait for'],
  ])('%s: it is told', (_, spec, told) => {
    const { problems, notes } = loadConfig(minimal(spec), 'f')
    expect(problems).toEqual([])
    expect(notes.join('\n')).toContain(told)
  })
})

describe('a changed configuration', () => {
  it('says what needs a restart', () => {
    const text = EXAMPLE.replace('dataDir: ./data #', 'dataDir: /var/lib/honua #').replace(
      'interval: 5m',
      'interval: 6m',
    )
    const { config } = loadConfig(text, 'f.yaml')
    expect(config === null ? [] : restartReasons(example(), config)).toEqual([
      'spec.dataDir changed; restart the controller to take the new configuration',
    ])
  })

  it('that changes environments and targets only is taken live', () => {
    const { config } = loadConfig(EXAMPLE.replace('keep: 5', 'keep: 7').replace('    dev:', '    test:'), 'f.yaml')
    expect(config === null ? ['invalid'] : restartReasons(example(), config)).toEqual([])
  })
})

describe('secrets', () => {
  const there = { 'gis-key': 'k', WEBHOOK_SECRET: 'x'.repeat(16), SLACK_WEBHOOK: 'https://hooks.example.org/1' }
  const lookup = (values: Readonly<Record<string, string>>, folders: readonly string[] = ['git-deploy-key']) => ({
    read: async (name: string) => values[name],
    path: async (name: string) => (folders.includes(name) ? `/run/secrets/${name}` : undefined),
  })
  const faults = async (text: string, ...given: Parameters<typeof lookup>) => {
    const { config } = loadConfig(text, 'f.yaml')
    if (config === null) throw new Error('not valid')
    return (await checkSecrets(config, lookup(...given))).map(formatProblem)
  }

  it('all there: nothing is told', async () => {
    expect(await faults(EXAMPLE, there)).toEqual([])
  })

  it('missing ones are told by name and place, those of parts that are off are not', async () => {
    expect(await faults(EXAMPLE, {}, [])).toEqual([
      'spec.git.credentials.secretRef: the secret "git-deploy-key" is not there',
      'spec.notifications.slack.webhook: the secret "SLACK_WEBHOOK" is not there',
      'spec.targets.1.credentials.secretRef: the secret "gis-key" is not there',
    ])
  })

  it('a value that is empty or itself a placeholder counts as missing', async () => {
    for (const value of ['', '${SLACK_WEBHOOK}'])
      expect(await faults(EXAMPLE, { ...there, SLACK_WEBHOOK: value })).toHaveLength(1)
  })

  it('a webhook secret that can be guessed is refused without being shown', async () => {
    const enabled = EXAMPLE.replace('enabled: false\n      port', 'enabled: true\n      port')
    expect(await faults(enabled, { ...there, WEBHOOK_SECRET: 'hunter2' })).toEqual([
      'spec.git.webhook.secret: the secret "WEBHOOK_SECRET" is shorter than 16 bytes',
    ])
  })
})

describe('whatever the text', () => {
  it('loading ends with a configuration or with problems, each with its place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.nat(EXAMPLE.length), (junk, at) => {
        for (const text of [junk, EXAMPLE.slice(0, at) + junk + EXAMPLE.slice(at)]) {
          const { config, problems } = loadConfig(text, 'f.yaml')
          expect(config === null).toBe(problems.length > 0)
          for (const problem of problems) expect(formatProblem(problem)).toMatch(/^f\.yaml:\d+:\d+ [^\p{Cc}]+$/u)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('each line left out or doubled is either harmless or told', () => {
    const lines = EXAMPLE.split('\n')
    for (const [at, line] of lines.entries())
      for (const instead of [[], [line, line]]) {
        const { config, problems } = loadConfig(lines.toSpliced(at, 1, ...instead).join('\n'), 'f.yaml')
        expect(config === null).toBe(problems.length > 0)
      }
  })

  it('a value of a wrong type at any place is told, and never shown where it could be a secret', () => {
    const scalars = [...EXAMPLE.matchAll(/^ *([a-zA-Z]+): ([^\s#{[|>"][^\n#]*)/gm)]
    expect(scalars.length).toBeGreaterThan(40)
    for (const { index, 0: whole, 2: value = '' } of scalars) {
      const canary = 'ghp_CANARY0123456789abcdefghijklmnopqrstuv'
      const start = index + whole.length - value.length
      for (const wrong of [`{${canary}: 1}`, `[${canary}]`, canary]) {
        const text = EXAMPLE.slice(0, start) + wrong + EXAMPLE.slice(start + value.length)
        const told = loadConfig(text, 'f.yaml').problems.map(({ message }) => message)
        // Names of keys are told, values are not.
        if (!wrong.startsWith('{')) expect(told.join('\n')).not.toContain('CANARY')
        if (wrong.startsWith('[')) expect([whole, told]).not.toEqual([whole, []])
      }
    }
  })

  it('a thousand environments load within a moment', () => {
    const sync = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`env-${at}`, { autoSync: true }]))
    const { config } = loadConfig(minimal({ sync }), 'f')
    expect(config && environmentsOf(config)).toHaveLength(1_000)
  })
})
