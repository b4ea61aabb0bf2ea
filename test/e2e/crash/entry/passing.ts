import { writeSync } from 'node:fs'
import { CRASH_PASSING, CRASH_POINT, type PointName } from './points.ts'

const STDERR = 2
const at = process.env[CRASH_POINT] ?? ''
const nth = Number(process.env[CRASH_PASSING] ?? 1)
let passings = 0

/** Tells that a point is passed; where it is the one, the process is gone before this returns. */
export function pass(point: PointName): void {
  if (at === '') writeSync(STDERR, `passed ${point}\n`)
  if (point !== at) return
  passings += 1
  if (passings !== nth) return
  writeSync(STDERR, `killed at ${point}\n`)
  process.kill(process.pid, 'SIGKILL')
  // The signal may take a moment; nothing more may happen in it.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
