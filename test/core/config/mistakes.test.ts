import { describe, expect, it } from 'vitest'
import { formatProblem, loadConfig } from '../../../src/core/config/index.ts'
import { changed, EXAMPLE, minimal } from '../../support/builders/configs.ts'

const told = (spec: object) => loadConfig(minimal(spec), 'f').problems.map(formatProblem).join('\n')
const files = (name: string, path: string, environments?: readonly string[]) => ({
  name,
  driver: 'directory',
  path,
  ...(environments === undefined ? {} : { environments }),
})

describe('a mistake in the configuration', () => {
  it.each([
    [
      'interval: 30s #',
      'interval: 30 #',
      'f.yaml:20:17 spec.git.poll.interval: expected a duration such as 30s, got 30 (number)',
    ],
    ['apiVersion: honua.io/v1', 'apiVersion: honua.io/v2', 'f.yaml:4:13 apiVersion: expected honua.io/v1'],
    ['branch: main', 'brunch: main', 'f.yaml:13:5 spec.git.brunch: unknown key; did you mean "branch"?'],
    [
      '  reconciliation:',
      '  autoSync: true\n  reconciliation:',
      'unknown key; it belongs to spec.sync.<name>.autoSync',
    ],
    ['prune: true #', 'prune: yes #', 'spec.sync.dev.prune: expected true or false, got "yes" (text)'],
    ['maxAttempts: 3', 'maxAttempts: 3.5', 'expected a whole number, got 3.5 (number)'],
    ['maxAttempts: 3', 'maxAttempts: 0', 'expected at least 1, got 0 (number)'],
    ['port: 9000', 'port: 70000', 'expected at most 65535, got 70000 (number)'],
    ['days: [Mon, Tue, Wed, Thu, Fri]', 'days: []', 'conditions.0.days: it is empty'],
    ['[Mon, Tue, Wed, Thu, Fri]', '[Mon, Tuesday]', 'did you mean "Tue"?'],
    ['    url: git@github.com:city/honua-config.git', '    # no url', 'f.yaml:11:3 spec.git.url: it is missing'],
    [
      '      driver: honua',
      '',
      'f.yaml:111:7 spec.targets.1.driver: it is missing; expected one of directory, honua, http, command, postgres',
    ],
    ['backoff: exponential', 'backoff: exponental', 'one of exponential, constant; did you mean "exponential"?'],
    [
      'driver: honua',
      'driver: hona',
      'expected one of directory, honua, http, command, postgres; did you mean "honua"?',
    ],
    ['type: ssh-key', 'type: sshkey', 'expected one of none, ssh-key, token; did you mean "ssh-key"?'],
    ['timeZone: UTC', 'timeZone: Europe/Viena', 'got "Europe/Viena" (text); did you mean "Europe/Vienna"?'],
    ['hours: "09:00-17:00"', 'hours: "9-17"', 'expected hours such as "09:00-17:00", got "9-17" (text)'],
    ['hours: "09:00-17:00"', 'hours: "09:00-24:30"', 'expected hours'],
    ['branch: main', 'branch: --upload-pack=x', 'spec.git.branch: it starts with "-"'],
    ['url: git@github.com:city/honua-config.git', 'url: ext::sh -c x', 'spec.git.url: remote helpers'],
    ['    production:', '    Production_1:', 'f.yaml:57:5 spec.sync.Production_1: expected an environment name'],
    ['    production:', '    common:', 'spec.sync.common: "common" is the base of every environment'],
    ['path: /srv/honua/{environment}', 'path: /srv/honua', 'two environments would deploy to one folder'],
    ['name: gis', 'name: files', 'spec.targets.1.name: another target has this name'],
    ['interval: 30s #', 'interval: 0s #', 'expected a duration from 100ms to 1d, got "0s" (text)'],
    ['interval: 30s #', 'interval: 30d #', 'expected a duration from 100ms to 1d'],
    ['maxDelay: 30m', 'maxDelay: 30s', 'spec.reconciliation.retry.maxDelay: it is shorter than initialDelay'],
    ['      initialDelay: 1m\n      maxDelay: 30m', '      maxDelay: 30s', 'maxDelay: it is shorter than initialDelay'],
    ['url: https://gis.example.org #', 'url: gis.example.org #', 'expected an address such as https://gis.example.org'],
    ['url: https://gis.example.org #', 'url: https://gis.example.org?key=1 #', 'without a query'],
    ['path: /spec/statistics', 'path: spec.statistics', 'expected a JSON Pointer'],
    ['secretRef: gis-key', 'secretRef: ../gis-key', 'expected the name of a secret'],
    ['dataDir: ./data #', 'dataDir: ${HOME}/data #', 'spec.dataDir: ${NAME} is not looked up here'],
    ['webhook: ${SLACK_WEBHOOK}', 'webhook: ${SLACK WEBHOOK}', 'expected the name of a secret in ${…}'],
    ['# socket: ./data/honua.sock', `socket: /${'s'.repeat(107)}`, 'expected a path of at most 107 bytes, got 108'],
    ['dataDir: ./data #', `dataDir: /${'d'.repeat(100)} #`, 'the socket in it would be too long'],
    ['  # web:', '  web: { host: 0.0.0.0, anonymous: read }\n  # web:', 'anybody who reaches 0.0.0.0 could look'],
    ['  # web:', '  web: { names: ["https://gitops"] }\n  # web:', 'expected a host name such as gitops.city.example'],
    ['  # web:', '  web: { port: 65536 }\n  # web:', 'expected at most 65535'],
    ['  # web:', '  web: { inspect: true }\n  # web:', 'spec.web.inspect: inspectors are served with the dashboard'],
  ])('%s → %s is told with its place and a hint', (from, to, expected) => {
    expect(changed(from, to).join('\n')).toContain(expected)
  })

  it('all mistakes are told at once, in the order of the file, also those over several keys', () => {
    const text = EXAMPLE.replace('branch: main', 'brunch: main')
      .replace('maxAttempts: 3', 'maxAttempts: many')
      .replace('  sync: #', '  environments: {}\n  sync: #')
      .replace('name: gis', 'name: files')
    expect(loadConfig(text, 'f.yaml').problems.map(({ message }) => message.split(':')[0])).toEqual([
      'spec.git.brunch',
      'spec.reconciliation.retry.maxAttempts',
      'spec.environments',
      'spec.targets.1.name',
    ])
  })

  it('hundreds of mistakes are told in part and counted', () => {
    const sync = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`env-${at}`, { autoSnyc: true }]))
    const { problems } = loadConfig(minimal({ sync }), 'f')
    expect([problems.length, problems.at(-1)?.message]).toEqual([101, 'and 200 more problems, up to here'])
  })

  it('an enabled webhook without a secret, or with one that can be guessed, is refused', () => {
    const webhook = (secret: object) => told({ git: { url: 'https://h/r.git', webhook: { enabled: true, ...secret } } })
    expect(webhook({})).toContain('spec.git.webhook.secret: it is missing; without it anybody could call the webhook')
    expect(webhook({ secret: 'hunter2' })).toBe(
      'f:10:15 spec.git.webhook.secret: expected at least 16 bytes, or ${NAME}',
    )
    expect(webhook({ secret: '${WEBHOOK_SECRET}' })).toBe('')
  })
})

describe('two targets in one folder', () => {
  it.each([
    ['the same pattern', [files('a', '/srv/{environment}'), files('b', '/srv//{environment}/')]],
    ['the same environment', [files('a', '/srv/x', ['dev']), files('b', '/srv/x', ['dev'])]],
    ['a pattern that one environment fills', [files('a', '/srv/dev', ['dev']), files('b', '/srv/{environment}')]],
    ['the same, the other way round', [files('b', '/srv/{environment}'), files('a', '/srv/{environment}', ['dev'])]],
  ])('%s: it is told once', (_, targets) => {
    expect(told({ targets })).toMatch(
      /^f:\d+:\d+ spec\.targets\.[01]\.path: another target deploys to this folder too$/,
    )
  })

  it('folders of different environments are no mistake', () => {
    const targets = [
      files('a', '/srv/{environment}', ['dev', 'test']),
      files('b', '/srv/{environment}', ['production']),
    ]
    expect(told({ targets })).toBe('')
  })
})

describe('what is no configuration', () => {
  it.each([
    ['nothing', '', 'f:1:1 the configuration: expected a mapping, got nothing'],
    ['a list', '[]', 'f:1:1 the configuration: expected a mapping, got a list'],
    ['the part for environments alone', 'environments: {dev: {autoSync: true}}', 'it belongs to spec.environments'],
    ['two documents', `${EXAMPLE}\n---\n${EXAMPLE}`, 'expected one document, found another one here'],
    ['another version of YAML', `%YAML 1.1\n---\n${EXAMPLE}`, 'only the directive %YAML 1.2 is accepted'],
    ['an unknown tag', EXAMPLE.replace('branch: main', 'branch: !!js/function main'), 'f:13:'],
    ['an alias without anchor', EXAMPLE.replace('branch: main', 'branch: *main'), 'f:13:'],
    ['a key given twice', EXAMPLE.replace('branch: main', 'branch: main\n    branch: next'), 'f:14:5 the key "branch"'],
    ['broken YAML', EXAMPLE.replace('branch: main', 'branch: [main'), 'f:14:'],
    ['a tab', EXAMPLE.replace('    branch', '\tbranch'), 'f:1'],
    ['a NUL', EXAMPLE.replace('main', 'ma\0in'), 'U+0000'],
  ])('%s is told', (_, text, expected) => {
    const { config, problems } = loadConfig(text, 'f')
    expect([config, problems.map(formatProblem).join('\n')]).toEqual([null, expect.stringContaining(expected)])
  })

  it.each(['__proto__', 'constructor', 'prototype'])('the key %s is refused and pollutes nothing', (key) => {
    for (const where of ['  sync: #', '    dev:']) {
      const indent = where.slice(0, where.search(/\S/))
      expect(changed(where, `${indent}${key}: { polluted: true }\n${where}`).join()).toContain('is not allowed')
    }
    expect('polluted' in {}).toBe(false)
  })

  it('a bomb of aliases, or a megabyte of keys or brackets, is refused in bounded time', () => {
    const lists = Array.from({ length: 9 }, (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at},`.repeat(9)}]`)
    const bomb = ['l0: &l0 [x,x,x,x,x,x,x,x,x]', ...lists].join('\n')
    for (const text of [bomb, 'k: 1\n'.repeat(200_000), '['.repeat(1_000_000), 'x'.repeat(1_048_577)])
      expect(loadConfig(text, 'f').config).toBeNull()
  })

  it('bytes that are no UTF-8 are refused, a byte order mark is not', () => {
    const bytes = Buffer.from(EXAMPLE)
    const broken = Buffer.concat([bytes, Buffer.from([0x23, 0xff])])
    const marked = `\ufeff${EXAMPLE}`
    expect(
      loadConfig(broken, 'f')
        .problems.map(({ message }) => message)
        .join(),
    ).toContain('not valid UTF-8')
    for (const content of [bytes, marked, Buffer.from(marked)]) expect(loadConfig(content, 'f').problems).toEqual([])
    const wrong = marked.replace('branch: main', 'brunch: main')
    for (const content of [wrong, Buffer.from(wrong)])
      expect(loadConfig(content, 'f').problems.map(formatProblem)).toEqual([expect.stringMatching(/^f:13:5 /)])
  })
})

describe('a secret in the wrong place', () => {
  const CANARY = 'ghp_CANARYcanary0123456789'

  it.each([
    ['instead of credentials', { git: { url: 'https://h/r.git', credentials: CANARY } }],
    ['in a URL', { git: { url: `https://user:${CANARY}@h/r.git` } }],
    ['in the URL of a target', { targets: [{ name: 'a', driver: 'honua', url: `https://user:${CANARY}@h` }] }],
    ['in the query of a target', { targets: [{ name: 'a', driver: 'honua', url: `https://h/?key=${CANARY}` }] }],
    [
      'as the name of a secret',
      { git: { url: 'https://h/r.git', credentials: { type: 'token', secretRef: `${CANARY}!` } } },
    ],
    ['as a short webhook secret', { git: { url: 'https://h/r.git', webhook: { enabled: true, secret: 'CANARY' } } }],
    ['as a duration', { git: { url: 'https://h/r.git', timeout: CANARY } }],
    ['as a choice', { git: { url: 'https://h/r.git', historyRewrite: CANARY } }],
    ['as a list', { targets: CANARY }],
    ['as a number', { limits: { maxFileSize: CANARY } }],
  ])('%s is refused and not shown', (_, spec) => {
    const text = told(spec)
    expect(text).not.toBe('')
    expect(text).not.toContain('CANARY')
  })

  it('broken syntax around it does not show it', () => {
    const text = changed('webhook: ${SLACK_WEBHOOK}', `webhook: "${CANARY}" "${CANARY}"`).join('\n')
    expect(text).toMatch(/^f\.yaml:\d+:\d+ invalid YAML/)
    expect(text).not.toContain('CANARY')
  })

  it('keys that act on a terminal are written out', () => {
    expect(changed('  sync: #', '  "\\e]0;x\\u202e": 1\n  sync: #').join()).toContain(
      'spec."\\u001b]0;x\\u202e": unknown key',
    )
  })
})
