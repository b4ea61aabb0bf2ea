import { existsSync, mkdtempSync } from 'node:fs'
import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkProgram } from '../../../src/adapters/drivers/command/conformance/index.ts'
import type { CommandTarget } from '../../../src/adapters/drivers/command/settings.ts'
import { openDriver } from '../../../src/adapters/drivers/index.ts'
import { HonuaError } from '../../../src/core/errors/honua-error.ts'
import { isJsonObject, type Json } from '../../../src/core/json.ts'
import { makeResource } from '../../../src/core/resource.ts'
import type { Driver } from '../../../src/ports/driver.ts'
import { aTheme, calm, deploy, placeholder, requestFor } from '../../contract/driver.requests.ts'
import { noPython, PYTHON } from '../../support/python.ts'
import { TestClock, testDeps } from './deps.ts'

const EXAMPLES = new URL('../../../config/examples/drivers/', import.meta.url).pathname
let root: string
let clock: TestClock

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'honua-program-'))
  clock = new TestClock()
})
afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

interface OpenOptions {
  readonly settings?: Partial<CommandTarget>
  readonly own?: ReadonlyMap<string, string>
  readonly resolvable?: ReadonlyMap<string, string>
}

function targetOf(command: readonly [string, ...string[]], settings: Partial<CommandTarget> = {}): CommandTarget {
  const base = { name: 'edge', driver: 'command', settings: {}, env: {}, secrets: [], timeoutMs: 60_000 } as const
  return { ...base, command, ...settings }
}

function open(command: readonly [string, ...string[]], { settings, own, resolvable }: OpenOptions = {}): Driver {
  const deps = testDeps({ clock, own: own ?? new Map(), resolvable: resolvable ?? new Map() })
  return openDriver(targetOf(command, settings), 'production', deps)
}

/** A driver whose program is this shell script. */
const script = (text: string, options: OpenOptions = {}) => open(['/bin/sh', '-c', text, 'program'], options)
/** A script that keeps what it was asked in a file, and answers with `answer`. */
const answering = (answer: string, options: OpenOptions = {}) =>
  script(`cat > ${root}/request; printf '%s' '${answer}'`, options)
const healthy = '{"protocol":"honua-driver/1","result":{"healthy":true}}'
const errorOf = (code: string, more = '') =>
  `{"protocol":"honua-driver/1","error":{"code":"${code}","message":"said so"${more}}}`

async function request(): Promise<{ readonly [key: string]: Json }> {
  const value: Json = JSON.parse(await readFile(join(root, 'request'), 'utf8'))
  if (!isJsonObject(value)) throw new TypeError('a request is an object')
  return value
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

/** Whether a process is still at work; one that is dead and not yet collected is not. */
const isAlive = async (pid: string) => (await readFile(`/proc/${pid.trim()}/cmdline`, 'utf8').catch(() => '')) !== ''

describe('what a program is given', () => {
  it('a request of the protocol, with its settings and its secrets', async () => {
    const secrets = [{ name: 'token', secretRef: 'edge-token' }]
    const options = { settings: { settings: { depth: [1] }, secrets }, own: new Map([['edge-token', 'canary']]) }
    await answering(healthy, options).health(calm())
    expect(await request()).toEqual({
      protocol: 'honua-driver/1',
      method: 'health',
      target: 'edge',
      environment: 'production',
      settings: { depth: [1] },
      secrets: { token: 'canary' },
      params: {},
    })
  })

  it('a secret that is missing is named, and the program is not started', async () => {
    const driver = answering(healthy, { settings: { secrets: [{ name: 'token', secretRef: 'edge-token' }] } })
    await expect(driver.observe([], calm())).rejects.toMatchObject({ code: 'HONUA_TARGET_SECRET_MISSING' })
    expect(existsSync(join(root, 'request'))).toBe(false)
  })

  it('an environment of its own, and nothing of the controller’s', async () => {
    process.env['HONUA_CANARY'] = 'canary'
    try {
      const driver = script(`cat > /dev/null; env -0 > ${root}/env; printf '%s' '${healthy}'`, {
        settings: { env: { REGION: 'north' } },
      })
      await driver.health(calm())
    } finally {
      delete process.env['HONUA_CANARY']
    }
    const names = (await readFile(join(root, 'env'), 'utf8')).split('\0').map((line) => line.split('=')[0])
    const own = ['HOME', 'HONUA_DRIVER_CALL', 'LC_ALL', 'PATH', 'REGION', 'TZ']
    expect(names.filter((name) => name !== '' && name !== 'PWD' && name !== '_').sort()).toEqual(own)
  })

  it('its arguments as they stand: no shell reads them', async () => {
    const program = join(root, 'program')
    await writeFile(
      program,
      `#!/bin/sh\ncat > /dev/null\nprintf '%s\\n' "$@" > ${root}/args\nprintf '%s' '${healthy}'\n`,
    )
    await chmod(program, 0o755)
    const args = [`; touch ${root}/pwned`, '$(id)', '`id`', '*', '', '-x', 'a\nb']
    await open([program, ...args]).health(calm())
    expect(await readFile(join(root, 'args'), 'utf8')).toBe(`${args.join('\n')}\n`)
    expect(existsSync(join(root, 'pwned'))).toBe(false)
  })

  it('names from the repository are data: they stand in the request and nowhere else', async () => {
    const driver = script(
      `tr -d '\\0' < /proc/$$/cmdline > ${root}/cmdline; cat > ${root}/request; printf '%s' '${healthy}'`,
    )
    const request_ = requestFor(driver, { target: 'edge', resources: [] }, [aTheme('$(touch pwned)')])
    expect(await failureOf(driver.dryRun(request_, calm()))).toMatchObject({ code: 'HONUA_TARGET_ANSWER' })
    expect(await readFile(join(root, 'cmdline'), 'utf8')).not.toContain('touch')
    expect(await readFile(join(root, 'request'), 'utf8')).toContain('$(touch pwned)')
  })
})

describe('what becomes of a program', () => {
  it('when time is up, it and all it started is killed, what left its process group too', async () => {
    const left = `(sleep 1000 & echo $! >> ${root}/pids; setsid sleep 1000 & echo $! >> ${root}/pids)`
    const driver = script(`${left}; touch ${root}/ready; sleep 1000`)
    const asked = failureOf(driver.observe([], calm()))
    while (!existsSync(join(root, 'ready'))) await new Promise((resolve) => setImmediate(resolve))
    clock.expireDeadlines()
    expect(await asked).toMatchObject({ code: 'HONUA_TARGET_UNREACHABLE', retry: 'later' })
    const pids = (await readFile(join(root, 'pids'), 'utf8')).trim().split('\n')
    expect([pids.length, await Promise.all(pids.map(isAlive))]).toEqual([2, [false, false]])
  })

  it('what it leaves running when it has answered is ended too', async () => {
    const driver = script(
      `cat > /dev/null; setsid sh -c 'echo $$ > ${root}/pid; exec sleep 1000' > /dev/null 2>&1 & while [ ! -s ${root}/pid ]; do :; done; printf '%s' '${healthy}'`,
    )
    expect(await driver.health(calm())).toEqual({ healthy: true })
    expect(await isAlive(await readFile(join(root, 'pid'), 'utf8'))).toBe(false)
  })

  it('an abort ends it, with the abort’s own reason', async () => {
    const stop = new AbortController()
    const asked = script(`echo $$ > ${root}/pid; touch ${root}/ready; sleep 1000`).observe([], stop.signal)
    while (!existsSync(join(root, 'ready'))) await new Promise((resolve) => setImmediate(resolve))
    stop.abort(new Error('shutting down'))
    await expect(asked).rejects.toThrow('shutting down')
    expect(await isAlive(await readFile(join(root, 'pid'), 'utf8'))).toBe(false)
  })

  it('one that prints without end is ended', async () => {
    await expect(script('cat /dev/zero').observe([], calm())).rejects.toMatchObject({ code: 'HONUA_TARGET_ANSWER' })
  })

  it('one that does not read its request can answer all the same', async () => {
    const settings = { settings: { much: 'x'.repeat(1_000_000) } }
    expect(await script(`printf '%s' '${healthy}'`, { settings }).health(calm())).toEqual({ healthy: true })
  })

  it('one that is not there, or may not be started, is a matter of the configuration', async () => {
    await writeFile(join(root, 'plain'), 'text')
    for (const [file, reason] of [
      [join(root, 'none'), 'ENOENT'],
      [join(root, 'plain'), 'EACCES'],
    ] as const)
      expect(await failureOf(open([file]).probe(calm()))).toMatchObject({
        code: 'HONUA_TARGET_COMMAND',
        retry: 'after-config-change',
        message: expect.stringContaining(reason),
      })
  })

  it('one that fails is told with its last words, without secrets and control characters', async () => {
    const options = {
      settings: { secrets: [{ name: 'token', secretRef: 'edge-token' }] },
      own: new Map([['edge-token', 'own-canary']]),
    }
    const driver = script(`cat >&2; printf '\\033[31mred\\r\\n' >&2; exit 7`, options)
    const failure = await failureOf(driver.probe(calm()))
    expect(failure).toMatchObject({ code: 'HONUA_TARGET_COMMAND', retry: 'later' })
    const text = String(failure)
    expect(text).toContain('ended with 7')
    expect([text.includes('canary'), /[\u0000-\u001f]/.test(text)]).toEqual([false, false])
  })

  it('an answer before a failure is no answer', async () => {
    const failure = await failureOf(script(`printf '%s' '${healthy}'; exit 1`).probe(calm()))
    expect(failure).toMatchObject({ code: 'HONUA_TARGET_COMMAND' })
  })
})

describe('what a program says', () => {
  it.each([
    ['refused', 'HONUA_TARGET_REFUSED', 'never'],
    ['busy', 'HONUA_TARGET_BUSY', 'later'],
    ['unauthorised', 'HONUA_TARGET_AUTH', 'after-config-change'],
    ['unreachable', 'HONUA_TARGET_UNREACHABLE', 'later'],
    ['unsupported', 'HONUA_TARGET_UNSUPPORTED', 'after-config-change'],
    ['stale', 'HONUA_TARGET_STALE', 'later'],
    ['made-up', 'HONUA_TARGET_ANSWER', 'later'],
  ])('the error "%s" is %s', async (code, expected, retry) => {
    const failure = await failureOf(answering(errorOf(code)).observe([], calm()))
    expect(failure).toBeInstanceOf(HonuaError)
    expect(failure).toMatchObject({ code: expected, retry })
  })

  it.each([
    '',
    'null',
    '[]',
    `${healthy}${healthy}`,
    '{"result":{"resources":[]}}',
    '{"protocol":"honua-driver/2","result":{"resources":[]}}',
    '{"protocol":"honua-driver/1"}',
    '{"protocol":"honua-driver/1","result":{}}',
    '{"protocol":"honua-driver/1","result":{"resources":[{"kind":"Theme"}]}}',
    '{"protocol":"honua-driver/1","result":{"resources":[null]}}',
  ])('what is no whole observation is never an empty target: %s', async (text) => {
    await expect(answering(text).observe([], calm())).rejects.toMatchObject({ code: 'HONUA_TARGET_ANSWER' })
  })

  it('a resource told twice is no observation', async () => {
    const { apiVersion, kind, namespace, name, spec } = aTheme('a')
    const one = JSON.stringify({ apiVersion, kind, namespace, name, spec })
    const driver = answering(`{"protocol":"honua-driver/1","result":{"resources":[${one},${one}]}}`)
    await expect(driver.observe([], calm())).rejects.toMatchObject({ message: expect.stringContaining('told twice') })
  })

  it('a program that is unwell is unhealthy, in its own words', async () => {
    const driver = answering('{"protocol":"honua-driver/1","result":{"healthy":false,"message":"disk\\u001b[1m full"}}')
    expect(await driver.health(calm())).toEqual({ healthy: false, message: 'disk [1m full' })
    expect(await script('exit 3').health(calm())).toMatchObject({ healthy: false })
  })
})

describe('secrets of resources', () => {
  const folder = () => ({ settings: { path: join(root, 'things') } })
  const program = [PYTHON, '-S', '-E', `${EXAMPLES}json_files.py`] as const
  const desired = [aTheme('a', { password: placeholder('PW') })]

  it('a rehearsal does not carry them', async () => {
    const driver = answering('{"protocol":"honua-driver/1","result":{"refusals":[]}}', {
      resolvable: new Map([['PW', 'pw-canary']]),
    })
    expect(await driver.dryRun(requestFor(driver, { target: 'edge', resources: [] }, desired), calm())).toEqual([])
    expect(await readFile(join(root, 'request'), 'utf8')).not.toContain('canary')
  })

  it('echoed by a program that refuses, they are in no error', async () => {
    const words = errorOf('refused', ',"failures":[{"key":"Theme/default/a","message":"bad pw-canary"}]')
    const observed = '{"protocol":"honua-driver/1","result":{"resources":[]}}'
    const driver = script(
      `case "$(cat)" in *'"method":"apply"'*) printf '%s' '${words}';; *) printf '%s' '${observed}';; esac`,
      {
        resolvable: new Map([['PW', 'pw-canary']]),
      },
    )
    const failure = await failureOf(deploy(driver, desired))
    expect(failure).toMatchObject({ code: 'HONUA_TARGET_REFUSED', message: expect.stringContaining('bad (hidden)') })
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('canary')
  })

  it('only the kinds of the target belong on it', async () => {
    const driver = open(program, { settings: { ...folder(), kinds: ['Style'] } })
    expect([driver.takes?.(aTheme('a')), driver.takes?.(makeResource({ ...aTheme('a'), kind: 'Style' }))]).toEqual([
      false,
      true,
    ])
    expect(open(program).takes?.(makeResource({ ...aTheme('a'), kind: 'Migration' }))).toBe(false)
  })
})

describe('a step of a topology', () => {
  const asked = {
    environment: 'production',
    idempotencyKey: 'production/1/0/edge',
    action: 'create-backup',
    inputs: { token: placeholder('PW'), deep: [1] },
    changed: ['Theme/default/a'],
    desired: [aTheme('a', { password: placeholder('PW') })],
  }
  const resolvable = new Map([['PW', 'pw-canary']])
  const result = (fields: string) => `{"protocol":"honua-driver/1","result":${fields}}`

  it('is handed over with its key, its inputs in the clear and what has changed, secrets of that not', async () => {
    const driver = answering(result('{"message":"made with pw-canary"}'), { resolvable })
    expect(await driver.act?.(asked, calm())).toEqual({ message: 'made with (hidden)' })
    expect(await request()).toMatchObject({
      method: 'act',
      params: {
        idempotencyKey: 'production/1/0/edge',
        action: 'create-backup',
        inputs: { token: 'pw-canary', deep: [1] },
        changed: ['Theme/default/a'],
        desired: [{ name: 'a', spec: { password: placeholder('PW') } }],
      },
    })
  })

  it('may tell checks, and fails when one of them does', async () => {
    const check = (ok: boolean) =>
      result(`{"message":"m","checks":[{"name":"n","ok":${ok},"message":"is pw-canary","ms":1}]}`)
    expect((await answering(check(true), { resolvable }).act?.(asked, calm()))?.checks).toHaveLength(1)
    const failure = await failureOf(answering(check(false), { resolvable }).act?.(asked, calm()) ?? Promise.resolve())
    expect(failure).toMatchObject({ code: 'HONUA_TARGET_CHECK', message: expect.stringContaining('n: is (hidden)') })
  })

  it.each(['{}', '{"message":1}', '{"message":"m","checks":{}}', '{"message":"m","checks":[{"name":"n"}]}'])(
    'with an answer that is none is not believed: %s',
    async (fields) => {
      await expect(answering(result(fields), { resolvable }).act?.(asked, calm())).rejects.toMatchObject({
        code: 'HONUA_TARGET_ANSWER',
      })
    },
  )

  it('is done by none of the programs that name no steps, as before there were any', async () => {
    const abilities = '{"delete":"none","conditionalWrite":true,"transactional":false,"dryRun":false,"exclusive":false}'
    const driver = answering(result(`{"description":"old","abilities":${abilities}}`))
    expect((await driver.probe(calm())).abilities.actions).toEqual([])
  })
})

describe('the conformance test', () => {
  const tried = async (command: readonly [string, ...string[]], settings: { readonly [key: string]: Json }) => {
    const subject = { program: targetOf(command, { settings }), kind: 'Theme', secrets: {} }
    return checkProgram(subject, { clock }, () => undefined, calm())
  }
  const failed = (checks: Awaited<ReturnType<typeof tried>>) => checks.filter(({ problem }) => problem !== null)

  it.skipIf(noPython !== null)(
    'the example in Python keeps the protocol, and nothing is left of the test',
    async () => {
      const path = join(root, 'things')
      expect(failed(await tried([`${EXAMPLES}json_files.py`], { path }))).toEqual([])
      const driver = open([`${EXAMPLES}json_files.py`], { settings: { settings: { path } } })
      expect((await driver.observe([], calm())).resources).toEqual([])
    },
  )

  it.skipIf(noPython !== null || !existsSync('/usr/bin/rsync'))(
    'the example with rsync keeps it too, on a local path',
    async () => {
      expect(failed(await tried([`${EXAMPLES}rsync_folder.py`], { destination: join(root, 'away') }))).toEqual([])
    },
  )

  it.skipIf(noPython !== null).each([
    ['if request.get("protocol") != PROTOCOL:', 'if False:', 'another version'],
    ['request["method"] not in methods', 'False', 'a method it does not know'],
    ['if moved:', 'if False:', 'conditional write'],
    ['write(path, change["resource"])', 'pass', 'what is created is observed'],
    ['"dryRun": lambda: dry_run(folder, changes)', '"dryRun": lambda: apply(folder, changes)', 'a rehearsal'],
    ['os.unlink(path)', 'pass', 'what is deleted is gone'],
    ['if params["action"] != "create-backup":', 'if False:', 'a step that it does not name'],
    ['return {"message": f"backup {name} is there already"}', 'raise Failure("refused", name)', 'each step'],
  ])('with %j made %j, it finds what is broken: %s', async (from, to, expected) => {
    const source = await readFile(`${EXAMPLES}json_files.py`, 'utf8')
    expect(source).toContain(from)
    const file = join(root, 'broken.py')
    await writeFile(file, source.replace(from, to))
    const checks = await tried([PYTHON, '-S', '-E', file], { path: join(root, 'things') })
    expect(failed(checks).map(({ what }) => what)).toContainEqual(expect.stringContaining(expected))
  })

  it('a program that cannot be asked is asked no more', async () => {
    expect(await tried(['/bin/true'], {})).toHaveLength(1)
  })
})
