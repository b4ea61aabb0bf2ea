import { pathToFileURL } from 'node:url'
import type { ReplayBundle } from '../api/contract.ts'
import { cliErrors } from '../core/errors/cli.ts'
import { isJsonObject, type Json } from '../core/json.ts'

/** Folds the bundle's journal here, through our own chart or the one in a module. Throws HONUA_BUNDLE_INVALID or HONUA_MACHINE_UNUSABLE. */
export async function replayHere(bundle: ReplayBundle, modulePath: string | null) {
  const { foldNamed, replay } = await import('../runtime/replay.ts')
  const { name, version } = bundle.machine
  if (modulePath !== null) {
    const machine = await machineIn(modulePath, name)
    return replay(bundle, foldNamed(name, bundle.input, { machine, version }))
  }
  if (name !== 'environment' && name !== 'source')
    throw cliErrors.bundleInvalid({
      path: bundle.stream,
      reason: `there is no statechart called "${name}" here; name one with --machine`,
    })
  return replay(bundle, foldNamed(name, bundle.input))
}

export type Replayed = Awaited<ReturnType<typeof replayHere>>

/** Reads a bundle's text. Throws HONUA_BUNDLE_INVALID. */
export function parseBundle(text: string, path: string): ReplayBundle {
  const wrong = (reason: string) => cliErrors.bundleInvalid({ path, reason })
  const value = parsedJson(text)
  if (!isJsonObject(value) || value['format'] !== 'honua-replay') throw wrong('it is not in the format honua-replay')
  if (value['version'] !== 1)
    throw wrong(`it has version ${String(value['version'])} of the format; this program reads version 1`)
  const { stream, machine, input, base, entries, snapshot } = value
  if (typeof stream !== 'string' || !isJsonObject(machine) || !isJsonObject(input) || !isJsonObject(snapshot))
    throw wrong('parts of it are missing')
  const { name, version, chart } = machine
  if (typeof name !== 'string' || typeof version !== 'number' || typeof chart !== 'string')
    throw wrong('it does not name its statechart')
  if (!Array.isArray(entries)) throw wrong('it holds no entries')
  return {
    format: 'honua-replay',
    version: 1,
    stream,
    machine: { name, version, chart },
    input,
    snapshot,
    ...(base === undefined ? {} : { base: baseOf(base) }),
    entries: entries.map(entryOf),
  }

  function baseOf(begin: Json) {
    const { sequence, state, snapshot: first } = isJsonObject(begin) ? begin : {}
    if (typeof sequence !== 'number' || typeof state !== 'string' || !isJsonObject(first))
      throw wrong('the state that it begins with is damaged')
    return { sequence, state, snapshot: first }
  }

  function entryOf(entry: Json, at: number) {
    if (!isJsonObject(entry)) throw wrong(`entry ${at + 1} is damaged`)
    const { sequence, at: moment, event, state } = entry
    if (typeof sequence !== 'number' || typeof moment !== 'number' || !isJsonObject(event) || typeof state !== 'string')
      throw wrong(`entry ${at + 1} is damaged`)
    return { sequence, at: moment, event, state }
  }
}

type Machine = NonNullable<Parameters<typeof import('../runtime/replay.ts')['foldNamed']>[2]>['machine']

async function machineIn(path: string, name: string): Promise<Machine> {
  const exported: object = await import(pathToFileURL(path).href).catch((error: unknown) => {
    throw cliErrors.machineUnusable({ path, reason: error instanceof Error ? error.message : String(error) })
  })
  const machines = Object.values(exported).filter(isMachine)
  const found = machines.find((machine) => machine.id === name) ?? machines[0]
  if (found === undefined) throw cliErrors.machineUnusable({ path, reason: 'it exports no statechart' })
  return found
}

function isMachine(value: unknown): value is Machine {
  return (
    typeof value === 'object' &&
    value !== null &&
    'resolveState' in value &&
    'getInitialSnapshot' in value &&
    'root' in value
  )
}

function parsedJson(text: string): Json {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
