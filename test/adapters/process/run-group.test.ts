import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { type GroupCall, runGroup } from '../../../src/adapters/process/run-group.ts'
import { handClock } from '../../support/git-remotes/index.ts'

const call = (script: string, more: Partial<GroupCall> = {}): GroupCall => ({
  file: '/bin/sh',
  args: ['-c', script],
  env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
  cwd: '/',
  secret: null,
  stdoutBytesMax: 1000,
  timeoutMs: 1000,
  clock: handClock(),
  signal: new AbortController().signal,
  ...more,
})

describe('runGroup', () => {
  it('gives exit code and output', async () => {
    expect(await runGroup(call('echo out; echo err >&2; exit 3'))).toEqual({
      ended: 'exit',
      code: 3,
      killedBy: null,
      stdout: 'out\n',
      stderr: 'err\n',
    })
  })

  it('hands a secret over on descriptor 3, once', async () => {
    const script = 'IFS= read -r first <&3; IFS= read -r second <&3; echo "[$first][$second]"'
    expect((await runGroup(call(script, { secret: 'canary' }))).stdout).toBe('[canary][]\n')
  })

  it('a secret that nobody reads does no harm', async () => {
    expect(await runGroup(call('exit 0', { secret: 'x'.repeat(1_000_000) }))).toMatchObject({ ended: 'exit', code: 0 })
  })

  it('too much output ends the group', async () => {
    const result = await runGroup(call('while :; do echo 0123456789; done'))
    expect(result.ended).toBe('overflow')
    expect(result.stdout).toHaveLength(1000)
  })

  it('keeps 64 KB of stderr at most, and lets the program go on', async () => {
    const result = await runGroup(
      call(
        'i=0; while [ $i -lt 3000 ]; do echo 01234567890123456789012345678901234567890 >&2; i=$((i+1)); done; echo done',
      ),
    )
    expect(result.stdout).toBe('done\n')
    expect(result.stderr).toHaveLength(64 * 1024)
  })

  it('what outlives its leader is ended with it', async () => {
    const result = await runGroup(call('sleep 1000 & echo $!'))
    expect(result.code).toBe(0)
    // Gone, or dead and not yet collected.
    expect(await readFile(`/proc/${result.stdout.trim()}/cmdline`, 'utf8').catch(() => '')).toBe('')
  })

  it('a program that does not exist gives the reason, without arguments', async () => {
    const result = await runGroup(call('', { file: '/nonexistent/git', args: ['canary'] }))
    expect(result).toEqual({ ended: 'no-start', code: null, killedBy: null, stdout: '', stderr: 'ENOENT' })
  })
})

describe('runGroup with input and a mark', () => {
  const mark = (value: string) => ({ mark: { name: 'MARK', value } })

  it('hands the input over, all of it', async () => {
    expect((await runGroup(call('wc -c', { input: 'x'.repeat(300_000) }))).stdout.trim()).toBe('300000')
  })

  it('input that nobody reads does no harm', async () => {
    expect(await runGroup(call('exit 0', { input: 'x'.repeat(1_000_000) }))).toMatchObject({ ended: 'exit', code: 0 })
  })

  it('what left the group and holds the output open is ended, and the output is whole', async () => {
    const result = await runGroup(call('setsid sleep 1000 & echo $!', mark('left')))
    expect(result).toMatchObject({ ended: 'exit', code: 0 })
    expect(await readFile(`/proc/${result.stdout.trim()}/cmdline`, 'utf8').catch(() => '')).toBe('')
  })

  it('what hides its mark cannot hold the call beyond its deadline', async () => {
    const clock = handClock()
    const running = runGroup(call('env -i setsid sleep 3 & exit 0', { ...mark('hidden'), clock }))
    clock.elapse(1000)
    expect((await running).ended).toBe('timeout')
  })

  it('the marks of other calls are left alone', async () => {
    const other = runGroup(call('sleep 0.3; echo done', mark('other')))
    await runGroup(call('setsid sleep 1000 & exit 0', mark('one')))
    expect((await other).stdout).toBe('done\n')
  })
})
