import { pathToFileURL } from 'node:url'
import type { ReplayBundle } from '../api/contract.ts'
import { cliErrors } from '../core/errors/cli.ts'

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
