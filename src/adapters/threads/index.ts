/** Threads of our own, whether the program was built or runs from its sources. */
import { Worker } from 'node:worker_threads'

const IS_BUILT = import.meta.url.endsWith('.js')

/** The script called `name` beside the module whose address is `beside`. */
export function scriptBeside(beside: string, name: string): URL {
  return new URL(`./${name}.${IS_BUILT ? 'js' : 'ts'}`, beside)
}

/** Starts a thread that is handed no environment and may keep alive as much as this, in MB. */
export function startThread(script: URL, heapMbMax: number): Worker {
  const isSource = script.pathname.endsWith('.ts')
  return new Worker(isSource ? new URL('./from-sources.mjs', import.meta.url) : script, {
    resourceLimits: { maxOldGenerationSizeMb: heapMbMax },
    execArgv: [],
    env: {},
    ...(isSource ? { workerData: { script: script.href } } : {}),
  })
}
