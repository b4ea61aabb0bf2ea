import { spawn } from 'node:child_process'
import { z } from 'zod'
import type { Bug } from './list.ts'
import { plant } from './plant.ts'

/** What the simulation found of a bug: the promise that it broke, in which seed, and after how many seconds. */
export interface Found {
  readonly bug: Bug
  readonly found: { readonly promise: string; readonly message: string; readonly seed: number } | null
  readonly seconds: number
}

const verdict = z.object({ promise: z.string(), message: z.string(), seed: z.number() })
const SEEDS_MAX = 1_000_000
const HOURS = 6

/** Simulates with the bug planted, until a promise is broken or the time is over. */
export async function hunt(bug: Bug, secondsMax: number): Promise<Found> {
  const planted = plant(bug)
  const begun = performance.now()
  try {
    const out = await simulated(planted.folder, bug.profile ?? 'default', secondsMax)
    const line = out.split('\n').find((text) => text.startsWith('{'))
    const seconds = (performance.now() - begun) / 1000
    return { bug, found: line === undefined ? null : verdict.parse(JSON.parse(line)), seconds }
  } finally {
    planted.remove()
  }
}

/** What a child process prints until it ends, or its time is over. */
function simulated(folder: string, profile: string, secondsMax: number): Promise<string> {
  const args = [
    'test/simulation/main.ts',
    '--brief',
    '--profile',
    profile,
    '--seeds',
    String(SEEDS_MAX),
    '--hours',
    String(HOURS),
  ]
  // The wrapper of tsx would leave its child behind when it is killed.
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), secondsMax * 1000)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      // A simulation that breaks down says as much as one that names a promise: something threw that must not.
      if (code !== 0 && signal === null && out === '')
        out = `${JSON.stringify({ promise: 'I6', message: `the run broke down: ${firstLine(err)}`, seed: 0 })}\n`
      resolve(out)
    })
  })
}

function firstLine(text: string): string {
  return text.split('\n').find((line) => line.includes('Error')) ?? text.slice(0, 200)
}
