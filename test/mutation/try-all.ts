/** Tries mutants in child processes, a few at a time. */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Mutant } from './mutant.ts'
import { subjects } from './mutants.ts'
import { parsed } from './syntax.ts'
import type { Trial, Verdict } from './trial.ts'

/** Modules once loaded stay in memory: a process is replaced after this many mutants. */
const TRIALS_PER_PROCESS = 40
/** A mutant that runs for ever is noticed by its time. Whole, the tests take 10 s; a busy machine must not pass for an endless mutant. */
const DEADLINE_MS = 180_000
/** A mutant that collects for ever is noticed by its memory. */
const HEAP_MB = 2_048

export interface Tried {
  readonly mutant: Mutant
  /** The test that noticed; null when none did. */
  readonly killer: string | null
}

/** Tries all; the results come in the order in which they are found. Throws on a mutant that is no TypeScript: it would count as noticed without any test. */
export async function tryAll(
  mutants: readonly Mutant[],
  options: { readonly processes: number; tried(one: Tried): void },
): Promise<readonly Tried[]> {
  const folder = await mkdtemp(join(tmpdir(), 'honua-mutants-'))
  const results: Tried[] = []
  const waiting = mutants.map((mutant, number) => ({ mutant, number }))
  const lane = async () => {
    let child: ChildProcess | null = null
    try {
      for (let count = 1; ; count += 1) {
        const next = waiting.shift()
        if (next === undefined) break
        child ??= started(folder)
        const { mutant, number } = next
        await placed(folder, number, mutant)
        const { killer } = await asked(child, { number, tests: testsOf(mutant) })
        results.push({ mutant, killer })
        options.tried({ mutant, killer })
        if (killer === OUT_OF_TIME || killer === OUT_OF_MEMORY || count % TRIALS_PER_PROCESS === 0) {
          child.kill('SIGKILL')
          child = null
        }
      }
    } finally {
      waiting.length = 0
      child?.kill('SIGKILL')
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: options.processes }, lane))
  await rm(folder, { recursive: true, force: true })
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return results
}

const OUT_OF_TIME = 'the deadline'
const OUT_OF_MEMORY = 'the end of the memory'

function started(folder: string): ChildProcess {
  return fork(new URL('trial.ts', import.meta.url), [`${pathToFileURL(folder).href}/`], {
    execArgv: ['--import', 'tsx', `--max-old-space-size=${HEAP_MB}`],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}

async function placed(folder: string, number: number, { file, source }: Mutant): Promise<void> {
  parsed(source)
  const path = join(folder, String(number), file)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, source)
}

function asked(child: ChildProcess, trial: Trial): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const end = (verdict: Verdict) => {
      clearTimeout(timer)
      child.removeAllListeners()
      resolve(verdict)
    }
    const timer = setTimeout(() => end({ number: trial.number, killer: OUT_OF_TIME }), DEADLINE_MS)
    child.once('message', (verdict: Verdict) => end(verdict))
    child.once('exit', (code, signal) => {
      if (signal === 'SIGABRT') return end({ number: trial.number, killer: OUT_OF_MEMORY })
      clearTimeout(timer)
      reject(new Error(`the process ended by itself with ${code ?? signal}`))
    })
    child.send(trial)
  })
}

function testsOf({ file }: Mutant): readonly string[] {
  return subjects.find(({ files }) => files.some((one) => one === file))?.tests ?? []
}
