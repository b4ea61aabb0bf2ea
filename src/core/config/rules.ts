/** Rules over more than one key. They read the plain data, not the parsed one, so that all mistakes are told at once. */
import { parseDuration } from '../duration.ts'
import { isJsonObject, type Json } from '../json.ts'
import { isLoopback } from '../loopback.ts'
import { socketFault } from './checks.ts'
import { type Finding, textsOf, valueAt } from './finding.ts'
import { INITIAL_DELAY } from './schema.ts'
import { hasBrokenPlaceholder, placeholderNames } from './secret-text.ts'

/** A shorter secret of a webhook can be guessed (THREATS A2 30), in bytes. */
export const WEBHOOK_SECRET_MIN = 16

/** Stands for the environment's name in paths of targets. */
const ENVIRONMENT = '{environment}'
const SHARED_FOLDER = 'another target deploys to this folder too'
/** Where `${NAME}` is looked up. Elsewhere the value would be shown in states, plans and logs. */
const SECRET_PLACES = new Set(['spec.git.webhook.secret', 'spec.notifications.slack.webhook'])

/** What is wrong with the configuration as a whole. Values of a wrong type are left to the schema. */
export function brokenRules(root: Json): readonly Finding[] {
  return [
    ...syncTwice(root),
    ...webhookSecret(root),
    ...retryDelays(root),
    ...defaultSocket(root),
    ...anonymousAfar(root),
    ...inspectedNowhere(root),
    ...targets(root),
    ...placeholders(root),
  ]
}

function syncTwice(root: Json): readonly Finding[] {
  if (valueAt(root, ['spec', 'sync']) === undefined || valueAt(root, ['spec', 'environments']) === undefined) return []
  const message = 'it is another word for spec.sync; give one of them'
  return [{ path: ['spec', 'environments'], message, atKey: true }]
}

function webhookSecret(root: Json): readonly Finding[] {
  const path = ['spec', 'git', 'webhook', 'secret']
  const secret = valueAt(root, path)
  if (valueAt(root, ['spec', 'git', 'webhook', 'enabled']) !== true) return []
  if (secret === undefined) return [{ path, message: 'it is missing; without it anybody could call the webhook' }]
  const isTooShort =
    typeof secret === 'string' &&
    placeholderNames(secret).length === 0 &&
    new TextEncoder().encode(secret).length < WEBHOOK_SECRET_MIN
  return isTooShort ? [{ path, message: `expected at least ${WEBHOOK_SECRET_MIN} bytes, or \${NAME}` }] : []
}

function retryDelays(root: Json): readonly Finding[] {
  const retry = ['spec', 'reconciliation', 'retry']
  const path = [...retry, 'maxDelay']
  const [initial, longest] = [valueAt(root, [...retry, 'initialDelay']) ?? INITIAL_DELAY, valueAt(root, path)].map(
    (value) => (typeof value === 'string' ? parseDuration(value) : undefined),
  )
  if (initial === undefined || longest === undefined || longest >= initial) return []
  return [{ path, message: 'it is shorter than initialDelay' }]
}

function defaultSocket(root: Json): readonly Finding[] {
  const dataDir = valueAt(root, ['spec', 'dataDir'])
  if (typeof dataDir !== 'string' || valueAt(root, ['spec', 'socket']) !== undefined) return []
  const fault = socketFault(`${dataDir}/honua.sock`)
  if (fault === undefined) return []
  return [{ path: ['spec', 'dataDir'], message: `the socket in it would be too long: ${fault}; set spec.socket` }]
}

function anonymousAfar(root: Json): readonly Finding[] {
  const path = ['spec', 'web', 'anonymous']
  const host = valueAt(root, ['spec', 'web', 'host'])
  if (valueAt(root, path) !== 'read' || typeof host !== 'string' || isLoopback(host)) return []
  return [{ path, message: `anybody who reaches ${host} could look; leave it out, or set spec.web.host to 127.0.0.1` }]
}

function inspectedNowhere(root: Json): readonly Finding[] {
  const path = ['spec', 'web', 'inspect']
  if (valueAt(root, path) !== true || valueAt(root, ['spec', 'web', 'enabled']) === true) return []
  return [{ path, message: 'inspectors are served with the dashboard; set spec.web.enabled too, or leave it out' }]
}

function targets(root: Json): readonly Finding[] {
  const given = valueAt(root, ['spec', 'targets'])
  if (!Array.isArray(given)) return []
  const findings: Finding[] = []
  const names = new Set<string>()
  given.forEach((target: Json, at) => {
    const name = isJsonObject(target) ? target['name'] : undefined
    if (typeof name !== 'string') return
    if (names.has(name))
      findings.push({ path: ['spec', 'targets', at, 'name'], message: 'another target has this name' })
    names.add(name)
    if (isIdle(target))
      findings.push({ path: ['spec', 'targets', at], message: 'it has neither kinds, nor actions, nor checks' })
  })
  return [...findings, ...sharedFolders(given)]
}

/** An API that nothing is written to and nothing is asked of. */
function isIdle(target: Json): boolean {
  if (!isJsonObject(target) || target['driver'] !== 'http' || target['checks'] !== undefined) return false
  const { kinds = [], actions = {} } = target
  return Array.isArray(kinds) && kinds.length === 0 && isJsonObject(actions) && Object.keys(actions).length === 0
}

/** One folder holds the release of one environment: two would replace each other's files for ever. */
function sharedFolders(given: readonly Json[]): readonly Finding[] {
  const findings: Finding[] = []
  const patterns = new Set<string>()
  const taken = new Set<string>()
  const tell = (at: number, message: string) => findings.push({ path: ['spec', 'targets', at, 'path'], message })
  const folders = given.flatMap((target, at) => directoryOf(target, at))
  for (const { at, path, environments } of folders) {
    if (!path.includes(ENVIRONMENT) && environments?.length !== 1)
      tell(at, `two environments would deploy to one folder; put ${ENVIRONMENT} into it, or name one environment`)
    else if (environments === undefined) {
      if (patterns.has(path)) tell(at, SHARED_FOLDER)
      patterns.add(path)
    }
  }
  // After those for all environments, so that each of these meets them all: by its folder with the name taken out again.
  for (const { at, path, environments = [] } of folders) {
    const filled = environments.map((name) => ({ name, folder: path.replaceAll(ENVIRONMENT, name) }))
    if (filled.some(({ name, folder }) => taken.has(folder) || patterns.has(folder.replaceAll(name, ENVIRONMENT))))
      tell(at, SHARED_FOLDER)
    for (const { folder } of filled) taken.add(folder)
  }
  return findings
}

interface Directory {
  readonly at: number
  readonly path: string
  /** Undefined: for all. */
  readonly environments: readonly string[] | undefined
}

function directoryOf(target: Json, at: number): readonly Directory[] {
  if (!isJsonObject(target)) return []
  const { driver, path, environments } = target
  if (driver !== 'directory' || typeof path !== 'string') return []
  const named = Array.isArray(environments)
    ? environments.filter((name: Json) => typeof name === 'string' && name !== '').map(String)
    : undefined
  return [{ at, path: path.replace(/\/+/g, '/').replace(/\/$/, ''), environments: named }]
}

function placeholders(root: Json): readonly Finding[] {
  return [...textsOf(root)].flatMap(({ path, text }) => {
    if (!text.includes('${')) return []
    if (!SECRET_PLACES.has(path.join('.')))
      return [{ path, message: '${NAME} is not looked up here, because this value is shown; write it out' }]
    if (hasBrokenPlaceholder(text)) return [{ path, message: 'expected the name of a secret in ${…}, such as ${NAME}' }]
    return []
  })
}
