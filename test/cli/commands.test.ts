import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sha256 } from '../../src/core/canonical.ts'
import type { Digest } from '../../src/core/vocabulary.ts'
import { TOKEN } from '../support/api-world.ts'
import { aDeployment, aFullPlan, PLAN_DIGEST } from '../support/builders/deployments.ts'
import { aDecision, aHead, aPlan, someSettings } from '../support/builders/environment.ts'
import { type CliWorld, cliWorld } from '../support/cli-world.ts'
import { localUser } from '../support/local-user.ts'

let world: CliWorld
beforeEach(async () => {
  world = await cliWorld()
})
afterEach(() => world.close())

const TERMINAL = { terminal: true }

/** Leads production to a request for approval. */
function awaitApproval(drift?: Digest) {
  const { facade } = world
  facade.happen('production', { type: 'settings.changed', settings: someSettings({ autoSync: false }) })
  facade.happen('production', { type: 'head.moved', head: aHead('b') })
  facade.happen('production', {
    type: 'look.planned',
    effect: facade.owed('production'),
    plan: aPlan('b', { digest: PLAN_DIGEST }),
    ...(drift === undefined ? {} : { drift }),
  })
  facade.happen('production', { type: 'decision.made', effect: facade.owed('production'), decision: aDecision('ask') })
  facade.plans.set('production', aFullPlan())
  facade.plans.set('production-20260105-080000', aFullPlan())
  facade.records.push(aDeployment())
}

describe('controller status', () => {
  it('on a terminal draws the box of the design document', async () => {
    const { out, code } = await world.honua('controller status --no-color', TERMINAL)
    const lines = out.split('\n')
    expect(code).toBe(0)
    expect(lines.slice(0, 7)).toEqual([
      '┌─ GitOps Controller Status ───────────────────────────────────────┐',
      '│ Status:          ● Running                                       │',
      '│ Git Connected:   ✓ Yes (last check: 5s ago)                      │',
      '│ Last Sync:       never                                           │',
      '│ Watching:        github.com/city/honua-config (main)             │',
      '│ Next Poll:       25s                                             │',
      '└──────────────────────────────────────────────────────────────────┘',
    ])
    expect(out).toMatch(/^production +Unknown/m)
  })

  it('says since when Git does not answer, and why', async () => {
    const failure = {
      code: 'HONUA_GIT_UNREACHABLE',
      message: 'github.com does not answer',
      since: world.clock.now() - 120_000,
    }
    const { sourceNow } = world.facade
    world.facade.sourceNow = { ...sourceNow, path: 'Unreachable', context: { ...sourceNow.context, failure } }
    const { out } = await world.honua('controller status --no-color', TERMINAL)
    expect(out).toContain('✗ No, since 2m (last check: 5s ago)')
    expect(out).toContain('github.com does not answer')
  })

  it('shows the next command for each request that waits', async () => {
    awaitApproval()
    const { out } = await world.honua('controller status --no-color', TERMINAL)
    expect(out).toContain('  honua deployment approve production-20260105-080000')
  })

  it('in a pipe prints plain lines with ISO times', async () => {
    const { out } = await world.honua('controller status')
    expect(out).toContain('status\tRunning\n')
    expect(out).toContain('last check\t2026-01-05T07:59:55.000Z\n')
    expect(out).not.toContain('┌')
  })

  it('-o json and -o yaml give the same data', async () => {
    const json = JSON.parse((await world.honua('controller status -o json')).out)
    expect(json).toMatchObject({
      state: 'Running',
      source: { branch: 'main' },
      all: [{ name: 'dev' }, { name: 'production' }],
    })
    expect((await world.honua('controller status -o yaml')).out).toContain('branch: main\n')
  })

  it('--watch goes on until it is interrupted, and survives a controller that is away', async () => {
    const { io, ended } = world.start('controller status --watch', TERMINAL)
    while (io.out().split('┌').length < 3) await new Promise((resolve) => setImmediate(resolve))
    io.interrupt()
    expect(await ended).toBe(0)
  })
})

describe('orders are given in the name of', () => {
  it('the local user, proved by a file, which is gone afterwards', async () => {
    const { code } = await world.honua('controller sync production')
    expect(code).toBe(0)
    expect(world.facade.orders[0]?.by).toEqual({ name: localUser(), how: 'socket-peer' })
  })

  it('the holder of HONUA_TOKEN', async () => {
    await world.honua("env hold production -m 'elections' --until 2h", { env: { HONUA_TOKEN: TOKEN } })
    expect(world.facade.orders).toEqual([
      {
        order: 'hold',
        of: 'production',
        by: { name: 'otto', how: 'token' },
        body: { reason: 'elections', until: world.clock.now() + 7_200_000 },
      },
    ])
  })

  it('nobody, when the token may only read: exit code 7, and what to ask for', async () => {
    const reading = await cliWorld({ tokens: `otto ${sha256(TOKEN)} read` })
    const { code, err } = await reading.honua('controller sync production', { env: { HONUA_TOKEN: TOKEN } })
    const { orders } = reading.facade
    await reading.close()
    expect([code, orders]).toEqual([7, []])
    expect(err).toContain('otto may only look')
    expect(err).toContain('HONUA_NOT_ALLOWED')
  })

  it('nobody, when the token is wrong: exit code 7', async () => {
    const { code, err } = await world.honua('controller sync production', { env: { HONUA_TOKEN: 'wrong' } })
    expect(code).toBe(7)
    expect(err).toContain('HONUA_IDENTITY_UNKNOWN')
    expect(err).not.toContain('wrong')
  })
})

describe('a refusal is told with its remedy and an exit code of its own', () => {
  it.each([
    ['not-found', 8],
    ['refused', 3],
    ['busy', 6],
    ['blocked', 5],
    ['invalid', 3],
    ['unavailable', 3],
  ] as const)('%s → %i', async (why, code) => {
    world.facade.refusal = { ok: false, why, code: 'HONUA_X', message: 'it is so', remedy: 'do that' }
    expect(await world.honua('controller sync production')).toEqual({
      code,
      out: '',
      err: 'error: it is so (HONUA_X)\n  do that\n',
    })
  })

  it('with -o json it is data on stderr', async () => {
    const { err } = await world.honua('env show nowhere -o json')
    expect(JSON.parse(err)).toMatchObject({ code: 'HONUA_NOT_FOUND' })
  })

  it('usage → 2, with what was meant', async () => {
    const { code, err } = await world.honua('env lst')
    expect(code).toBe(2)
    expect(err).toContain("unknown command 'lst' (did you mean list?)")
  })
})

describe('a controller that does not answer', () => {
  it('no socket → 20, naming the socket', async () => {
    const { code, err } = await world.honua('env list --socket /nowhere/honua.sock')
    expect(code).toBe(20)
    expect(err).toContain('/nowhere/honua.sock')
  })

  it('a socket that nobody listens at → 20', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'honua-dead-'))
    const server = createServer((connection) => connection.destroy())
    await new Promise<void>((resolve) => server.listen(join(folder, 's'), resolve))
    const { code } = await world.honua(`env list --socket ${join(folder, 's')}`)
    await new Promise((resolve) => server.close(resolve))
    rmSync(folder, { recursive: true })
    expect(code).toBe(20)
  })
})

describe('env', () => {
  it('list in a pipe is tab-separated, without a heading', async () => {
    const { out } = await world.honua('env list')
    expect(out.split('\n')[0]?.split('\t').slice(0, 2)).toEqual(['dev', 'Unknown.waiting'])
  })

  it('show tells what waits, why, and the next command', async () => {
    awaitApproval()
    const { out } = await world.honua('env show production --no-color', TERMINAL)
    expect(out).toContain('AwaitingApproval.asked')
    expect(out).toContain('honua deployment approve production-20260105-080000')
  })

  it('diff with differences → 1', async () => {
    awaitApproval()
    const { code, out } = await world.honua('env diff production')
    expect(code).toBe(1)
    expect(out).toContain('Layer/default/parcels')
  })

  it('diff as unified text shows both sides', async () => {
    awaitApproval()
    const { out } = await world.honua('env diff production --format unified')
    expect(out).toContain('-kind: Layer')
  })

  it('diff tells since when each resource is adrift; a patch stays a patch', async () => {
    awaitApproval(PLAN_DIGEST)
    const since = world.clock.now() - 7_200_000
    world.facade.drifted.push({ target: 'gis', key: 'Layer/default/parcels', action: 'update', since })
    const { out } = await world.honua('env diff production --no-color', TERMINAL)
    expect(out).toMatch(/changed +Layer\/default\/parcels on gis, since .*2h ago/)
    const json = await world.honua('env diff production -o json')
    expect(JSON.parse(json.out)).toMatchObject({ drift: { since, total: 1, resources: [{ target: 'gis', since }] } })
    const patch = await world.honua('env diff production --format unified')
    expect(patch.out).not.toContain('since')
  })

  it('diff without a plan says that it is not known yet, and not that nothing differs', async () => {
    const { code, out } = await world.honua('env diff production')
    expect(code).toBe(6)
    expect(out).toContain('is being looked at')
  })

  it('a problem is told once, and nothing deployed is no date', async () => {
    const { facade } = world
    facade.happen('dev', { type: 'settings.changed', settings: someSettings() })
    facade.happen('dev', { type: 'head.moved', head: aHead() })
    const location = { path: 'environments/dev/a.yaml', line: 3, column: 7 }
    const problems = [{ code: 'X', message: 'the title is missing', location }]
    facade.happen('dev', { type: 'look.invalid', effect: facade.owed('dev'), problems })
    const { out } = await world.honua('env show dev --no-color', TERMINAL)
    expect(out.split('the title is missing')).toHaveLength(2)
    const list = await world.honua('env list --no-color', TERMINAL)
    expect(list.out).toMatch(/^dev +OutOfSync +– +\S+ +– +environments\/dev\/a\.yaml:3:7 the title is /m)
  })

  it('what comes from the repository cannot act on the terminal', async () => {
    const { facade } = world
    facade.happen('dev', { type: 'settings.changed', settings: someSettings() })
    facade.happen('dev', { type: 'head.moved', head: aHead() })
    const evil = 'title \u001b]0;owned\u0007 \u202egnp.exe'
    const location = { path: 'environments/dev/\u001b[2Ja.yaml', line: 3, column: 7 }
    facade.happen('dev', {
      type: 'look.invalid',
      effect: facade.owed('dev'),
      problems: [{ code: 'X', message: evil, location }],
    })
    for (const line of [
      'env show dev',
      'env list',
      'controller status',
      'env diff dev',
      'events',
      'env show dev -o json',
      'env show dev -o yaml',
    ])
      for (const how of [TERMINAL, {}]) {
        const { out } = await world.honua(`${line} --no-color`, how)
        expect(out, line).not.toMatch(/[\u001b\u0007\u202e]/)
      }
    const { code, out } = await world.honua('env diff dev')
    expect([code, out]).toEqual([5, expect.stringContaining('a.yaml:3:7 title')])
  })
})

describe('deployment', () => {
  it('show tells what a rollback that failed has left, and how much more there is', async () => {
    const none = { total: 0, keys: [] }
    const kinds = { restored: none, asDeployed: none, neither: none, unknown: none }
    const left = {
      targets: [
        { target: 'gis-1', unread: null, ...kinds, asDeployed: { total: 3, keys: ['Layer/default/a'] } },
        { target: 'gis-2', unread: 'HONUA_TARGET_UNREACHABLE', ...kinds },
      ],
      drained: [{ step: 'drain', target: 'lb', instance: 'two' }],
      notDoneAgain: [{ step: 'flush-cdn-cache', target: 'cdn', instance: 'cdn' }],
    }
    const record = { ...aDeployment(), left }
    world.facade.records.push(record)
    const { out } = await world.honua(`deployment show ${record.id}`)
    for (const line of [
      'gis-1\tas deployed\tLayer/default/a',
      'gis-1\tas deployed\tand 2 more',
      'gis-2\tnot read (HONUA_TARGET_UNREACHABLE)',
      'lb\tstill drained\ttwo',
      'cdn\tnot done again\tflush-cdn-cache',
    ])
      expect(out).toContain(line)
    expect(JSON.parse((await world.honua(`deployment show ${record.id} -o json`)).out).left).toEqual(left)
  })

  it('approve counts for the plan that stands there, and for no other', async () => {
    awaitApproval()
    const { out } = await world.honua('deployment approve production-20260105-080000')
    expect(world.facade.orders[0]).toMatchObject({ order: 'approve', body: { plan: PLAN_DIGEST } })
    expect(out).toContain('1 to delete; breaking; risk High')
    expect(out).toContain('  honua deployment show production-20260105-080000\n')
  })

  it('approve --plan passes on what the approver saw', async () => {
    awaitApproval()
    await world.honua('deployment approve production-20260105-080000 --plan 00000000')
    expect(world.facade.orders[0]).toMatchObject({ body: { plan: '00000000' } })
  })

  it('an id that leads elsewhere is just an unknown id', async () => {
    const { code } = await world.honua('deployment show ../environments/dev')
    expect(code).toBe(8)
  })

  it('show prints its facts, its way, its plan and what can be done', async () => {
    awaitApproval()
    const { out } = await world.honua('deployment show production-20260105-080000 --no-color', TERMINAL)
    for (const part of ['AwaitingApproval', 'anna', 'Layer/default/parcels', 'honua deployment reject'])
      expect(out).toContain(part)
  })

  it('show tells the steps that were done, and what each looked at', async () => {
    awaitApproval()
    const check = { name: 'GET /collections', ok: false, message: 'HTTP 500', ms: 12 }
    const place = { component: 'applicationServers', instance: 'one', target: 'gis' }
    const failed = { step: 'ogc-conformance-test', ...place, ok: false, message: 'it failed', ms: 1500 }
    world.facade.records.splice(0, 1, aDeployment({ deeds: [{ ...failed, checks: [check] }] }))
    const { out } = await world.honua('deployment show production-20260105-080000')
    expect(out).toContain('ogc-conformance-test\tgis\tfailed\t1s500ms\tit failed\n')
    expect(out).toContain('  GET /collections\t\tfailed\t12ms\tHTTP 500\n')
  })

  it('show tells how far one that is under way has come', async () => {
    awaitApproval()
    world.facade.records.splice(0, 1, aDeployment({ state: 'Applying' }))
    world.facade.writing = [
      { target: 'gis', done: 1_250, total: 5_000 },
      { target: 'files', done: 3, total: 4 },
    ]
    const { out } = await world.honua('deployment show production-20260105-080000')
    expect(out).toContain('written\t1,250 of 5,000 on gis, 3 of 4 on files\n')
    world.facade.records.splice(0, 1, aDeployment({ state: 'Completed', completedAt: 1 }))
    expect((await world.honua('deployment show production-20260105-080000')).out).not.toContain('1,250')
  })

  it('list of one environment', async () => {
    awaitApproval()
    const { out } = await world.honua('deployment list --env production')
    expect(out.split('\t')[0]).toBe('production-20260105-080000')
  })
})

describe('audit verify', () => {
  const note = (action: string) =>
    world.facade.noteAudit('environment/dev', { at: 1, actor: { name: 'anna' }, action, details: { reason: 'x' } })

  it('an intact log is intact, here and as a file', async () => {
    note('hold.placed')
    note('hold.lifted')
    expect((await world.honua('audit verify')).out).toContain('2 entries, intact')
    writeFileSync(join(world.folder, 'audit.ndjson'), (await world.honua('audit list -o json')).out)
    expect((await world.honua('audit verify --file audit.ndjson --socket /nowhere')).code).toBe(0)
  })

  it.each([
    ['changed', (lines: string[]) => lines.map((line) => line.replace('hold.lifted', 'hold.placed')), 2],
    ['removed', (lines: string[]) => lines.filter((_, at) => at !== 1), 2],
    ['reordered', (lines: string[]) => [...lines].reverse(), 1],
    ['doubled', (lines: string[]) => [lines[0] ?? '', ...lines], 2],
    ['unreadable', (lines: string[]) => ['{', ...lines.slice(1)], 1],
  ])('an entry that was %s is found by its number', async (_what, spoil, number) => {
    for (const action of ['hold.placed', 'hold.lifted', 'sync.requested']) note(action)
    const lines = (await world.honua('audit list -o json')).out.trim().split('\n')
    writeFileSync(join(world.folder, 'audit.ndjson'), spoil(lines).join('\n'))
    const { code, err } = await world.honua('audit verify --file audit.ndjson')
    expect(code).toBe(3)
    expect(err).toContain(`not intact at entry ${number}:`)
  })
})

describe('replay', () => {
  it('proves the stored snapshot equal', async () => {
    awaitApproval()
    const { code, out } = await world.honua('replay production')
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(
        /^replayed 4 events of production: equal to the stored snapshot \(digest [0-9a-f]{12}\)\n$/,
      ),
    ])
  })

  it('names the first event that leads elsewhere → 3', async () => {
    awaitApproval()
    world.facade.tamper('production', 1, { state: 'f'.repeat(64) })
    const { code, err } = await world.honua('replay production')
    expect(code).toBe(3)
    expect(err).toContain('at event 2')
  })

  it('--step prints each event with what it changed and owes', async () => {
    awaitApproval()
    const { out } = await world.honua('replay production --from 2 --to 2 --step')
    expect(out).toMatch(/^ +2 {2}2026-\S+Z {2}head\.moved +Unknown\.waiting → Unknown\.looking$/m)
    expect(out).toContain('/head: null → ')
    expect(out).toContain('owes production/2/1 look')
    expect(out).not.toContain('look.planned')
  })

  it('an exported bundle replays without a controller, and is for its owner’s eyes', async () => {
    awaitApproval()
    await world.honua('replay production --export bundle.json')
    expect((statSync(join(world.folder, 'bundle.json')).mode & 0o777).toString(8)).toBe('600')
    const { out } = await world.honua('replay --file bundle.json --socket /nowhere')
    expect(out).toContain('replayed 4 events of production')
  })

  it('a bundle that was cut or is none is refused → 2', async () => {
    awaitApproval()
    await world.honua('replay production --export bundle.json')
    const text = readFileSync(join(world.folder, 'bundle.json'), 'utf8')
    for (const broken of [text.slice(0, -20), '{}', '[]', text.replace('"version":1', '"version":2')]) {
      writeFileSync(join(world.folder, 'broken.json'), broken)
      const { code, err } = await world.honua('replay --file broken.json')
      expect([code, err]).toEqual([2, expect.stringContaining('HONUA_BUNDLE_INVALID')])
    }
  })

  it('--machine without a statechart in the module → 2', async () => {
    awaitApproval()
    writeFileSync(join(world.folder, 'empty.mjs'), 'export const nothing = 1\n')
    const { code, err } = await world.honua('replay production --machine empty.mjs')
    expect([code, err]).toEqual([2, expect.stringContaining('exports no statechart')])
  })
})

describe('controller validate', () => {
  const file = (text: string) => writeFileSync(join(world.folder, 'c.yaml'), text)

  it('a good file → 0, with a note of what it says in vain', async () => {
    file(readFileSync(new URL('../../config/gitops-controller.yaml', import.meta.url), 'utf8'))
    const { code, out } = await world.honua('controller validate c.yaml')
    expect(code).toBe(0)
    expect(out).toContain('is valid')
    expect(out).toContain('\nnote: spec.notifications.slack is accepted but not active yet: nothing is sent\n')
  })

  it('a bad file → 2, each problem with its place', async () => {
    file(
      'apiVersion: honua.io/v1\nkind: GitOpsController\nmetadata: {name: x}\nspec:\n  git: {url: "https://a/b", brnach: main}\n',
    )
    const { code, err } = await world.honua('controller validate c.yaml')
    expect(code).toBe(2)
    expect(err).toMatch(/^c\.yaml:5:\d+ .*brnach.*did you mean "branch"/m)
  })

  it('no file → 2', async () => {
    expect((await world.honua('controller validate none.yaml')).err).toContain('there is no such file')
  })
})

it('schema prints JSON Schemas of the configuration and of the kinds', async () => {
  expect(JSON.parse((await world.honua('schema')).out)).toHaveProperty('properties.spec')
  expect(JSON.parse((await world.honua('schema Layer')).out)).toHaveProperty('title', 'Layer')
  expect((await world.honua('schema Lair')).code).toBe(2)
})

it('completion scripts offer every command', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { out } = await world.honua(`completion ${shell}`)
    for (const word of ['status', 'approve', 'rollback', 'accept-rewrite']) expect(out).toContain(word)
  }
})

it('version names program and controller', async () => {
  expect((await world.honua('version')).out).toMatch(/^honua \d+\.\d+\.\d+\ncontroller 1\.2\.3\n$/)
  expect((await world.honua('version --socket /nowhere')).code).toBe(0)
})
