import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { askSocket } from './ask-socket.ts'

const SERVER = `require('node:http').createServer((_, answer) => answer.end('{}')).listen(process.argv[1], () => console.log('up'))`

let folder: string
let child: ChildProcess
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'honua-ask-'))
  child = await serving()
})
afterEach(() => {
  child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})
const socketPath = () => join(folder, 's')
const ask = () => askSocket({ socketPath: socketPath(), method: 'POST', path: '/', body: {} })

async function serving(): Promise<ChildProcess> {
  const started = spawn(process.execPath, ['-e', SERVER, socketPath()], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(started.stdout, 'data')
  return started
}

/** Waits without letting anything be noticed: as on a busy machine, where a closed connection is seen late. */
function busy(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

it('a process killed between two requests is nobody there, not a broken pipe, though its end was not noticed yet', async () => {
  expect(await ask()).toEqual({ status: 200, body: {} })
  child.kill('SIGKILL')
  busy(200)
  expect(await ask()).toEqual({ status: 0, body: null })
})

it('the process that listens there next is reached at once', async () => {
  expect((await ask()).status).toBe(200)
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  rmSync(socketPath())
  child = await serving()
  expect((await ask()).status).toBe(200)
})
