import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BehindView, HealthView, PipelineView, WindowsView } from '../../src/api/contract.ts'
import type { EnvironmentSettings } from '../../src/core/vocabulary.ts'
import { type ApiWorld, apiWorld } from '../support/api-world.ts'
import { aDeployment } from '../support/builders/deployments.ts'
import { aHead, someSettings } from '../support/builders/environment.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

let world: ApiWorld
beforeEach(async () => {
  world = await apiWorld({ environments: ['dev', 'production', 'staging'] })
  world.facade.named = ['dev', 'staging', 'production']
})
afterEach(() => world.close())

async function ask<View>(path: string): Promise<View> {
  const { status, text } = await world.send('GET', path)
  expect(status, text).toBe(200)
  return JSON.parse(text)
}

const configure = (name: string, over: Partial<EnvironmentSettings> = {}) =>
  world.facade.happen(name, { type: 'settings.changed', settings: someSettings(over) })

/** Has the release of this letter deployed, by a look that found it in place. */
function holds(name: string, letter: string): void {
  configure(name)
  world.facade.happen(name, { type: 'head.moved', head: aHead(letter) })
  const effect = world.facade.owed(name)
  const found = { commit: letter.repeat(40), release: `release-${letter}`, inventory: 'inventory' }
  world.facade.happen(name, { type: 'look.clean', effect, ...found })
}

describe('commits behind', () => {
  it('are those between what is deployed and the newest that touches the environment', async () => {
    holds('dev', 'a')
    holds('staging', 'a')
    world.facade.happen('staging', { type: 'head.moved', head: aHead('c') })
    world.facade.commits.set('staging', 7)
    expect(await ask<BehindView>('/v1/behind')).toEqual({ commits: { dev: 0, staging: 7 } })
  })

  it('are none where a later commit was looked at and declares what is deployed', async () => {
    holds('dev', 'a')
    world.facade.happen('dev', { type: 'head.moved', head: aHead('b') })
    world.facade.commits.set('dev', 2)
    expect(await ask<BehindView>('/v1/behind')).toEqual({ commits: { dev: 2 } })
    const found = { commit: 'b'.repeat(40), release: 'release-a', inventory: 'inventory' }
    world.facade.happen('dev', { type: 'look.clean', effect: world.facade.owed('dev'), ...found })
    expect(await ask<BehindView>('/v1/behind')).toEqual({ commits: { dev: 0 } })
  })

  it('are not told where they cannot be counted', async () => {
    holds('staging', 'a')
    world.facade.happen('staging', { type: 'head.moved', head: aHead('c') })
    expect(await ask<BehindView>('/v1/behind')).toEqual({ commits: {} })
  })
})

describe('windows', () => {
  const office = { days: ['Mon', 'Tue'], fromMinute: 9 * 60, toMinute: 17 * 60, timeZone: 'UTC' } as const

  it('are told for the coming week, in the order of the configuration, with the next opening', async () => {
    configure('dev')
    configure('production', { windows: [office], outsideWindow: 'wait', autoSync: false })
    const now = world.clock.now()
    const { from, until, environments } = await ask<WindowsView>('/v1/windows')
    expect([from, until]).toEqual([now, now + 7 * DAY])
    expect(environments).toEqual([
      { name: 'dev', autoSync: true, windows: [], outside: 'ask', open: [], opensAt: null },
      {
        name: 'production',
        autoSync: false,
        windows: [office],
        outside: 'wait',
        open: [0, 1].map((day) => ({ from: now + HOUR + day * DAY, until: now + 9 * HOUR + day * DAY })),
        opensAt: now + HOUR,
      },
    ])
  })

  it('are told for the time that is asked for, and refused for one that nobody can plan', async () => {
    configure('dev', { windows: [office] })
    const monday = world.clock.now() + 7 * DAY - 8 * HOUR
    const view = await ask<WindowsView>(`/v1/windows?from=${monday}&until=${monday + DAY}`)
    expect(view.environments[0]?.open).toEqual([{ from: monday + 9 * HOUR, until: monday + 17 * HOUR }])
    for (const query of [
      `from=${monday}&until=${monday}`,
      `from=${monday}&until=${monday + 40 * DAY}`,
      'from=0',
      'from=soon',
      `from=${monday + 10_000 * DAY}`,
    ])
      expect((await world.send('GET', `/v1/windows?${query}`)).status, query).toBe(400)
    const one = await ask<WindowsView>('/v1/windows?environment=dev')
    expect(one.environments.map(({ name }) => name)).toEqual(['dev'])
    expect((await world.send('GET', '/v1/windows?environment=nowhere')).status).toBe(404)
  })
})

describe('the pipeline', () => {
  it('holds each environment against the one before it', async () => {
    holds('dev', 'b')
    holds('staging', 'a')
    holds('production', 'a')
    world.facade.commits.set('staging', 3)
    const different = Array.from({ length: 25 }, (_, at) => `Layer/default/l${at}`)
    world.facade.comparisons.set('release-b release-a', { same: 4, different, onlyOne: ['x'], onlyOther: [] })
    const { stages } = await ask<PipelineView>('/v1/pipeline')
    expect(stages.map(({ name, before }) => [name, before])).toEqual([
      ['dev', null],
      [
        'staging',
        {
          environment: 'dev',
          commits: 3,
          content: {
            is: 'different',
            same: 4,
            different: { total: 25, keys: different.slice(0, 20) },
            onlyBefore: { total: 1, keys: ['x'] },
            onlyHere: { total: 0, keys: [] },
          },
        },
      ],
      ['production', { environment: 'staging', commits: 0, content: { is: 'same' } }],
    ])
    expect(stages[0]?.commit).toMatchObject({ id: 'b'.repeat(40), author: 'A Tester', subject: 'Change' })
  })

  it('does not call the same what it cannot compare', async () => {
    holds('dev', 'b')
    holds('staging', 'a')
    const { stages } = await ask<PipelineView>('/v1/pipeline')
    expect(stages[1]?.before).toEqual({ environment: 'dev', commits: null, content: { is: 'unknown' } })
  })

  it('says nothing of an environment that has nothing, or of a commit that is no longer kept', async () => {
    holds('dev', 'b')
    holds('production', 'a')
    world.facade.lost.add('b'.repeat(40))
    const { stages } = await ask<PipelineView>('/v1/pipeline')
    expect(stages.map(({ commit, before }) => [commit?.id ?? null, before])).toEqual([
      [null, null],
      [null, null],
      ['a'.repeat(40), null],
    ])
  })
})

describe('health', () => {
  it('tells of store, disk, versions, and of each target how the newest look went', async () => {
    configure('dev', { targets: ['gis', 'files'] })
    const failure = { code: 'HONUA_TARGET_UNREACHABLE', message: 'no answer', since: 5 }
    const gis = { target: 'gis', description: 'Honua 2026.1', lookedAt: 9, answeredAt: 4, failure }
    world.facade.seen.set('dev', [gis, { ...gis, target: 'gone' }])
    world.facade.health = { state: 'disk-full', since: 3, message: 'the disk is full' }
    world.facade.inactive = { slack: null, healthChecks: [{ type: 'git-connectivity', intervalMs: 60_000 }] }
    expect(await ask<HealthView>('/v1/health')).toMatchObject({
      version: '1.2.3',
      store: { state: 'disk-full', since: 3, message: 'the disk is full' },
      room: { freeBytes: 5_000_000_000, keptBytes: 16_777_216 },
      targets: [
        { environment: 'dev', seen: [gis], unseen: ['files'] },
        { environment: 'staging', seen: [], unseen: [] },
        { environment: 'production', seen: [], unseen: [] },
      ],
      checked: [],
      configured: [{ type: 'git-connectivity', intervalMs: 60_000 }],
    })
  })

  it('tells the checks of the newest deployment that made any', async () => {
    const check = (name: string, ok: boolean) => ({ name, ok, message: ok ? 'found' : 'is gone', ms: 1 })
    const deed = { step: 's', component: 'c', instance: 'i', target: 'gis', ok: false, message: '', ms: 1 }
    world.facade.records.push(
      aDeployment({
        id: 'dev-20260105-080000',
        environment: 'dev',
        deeds: [{ ...deed, checks: [check('old', false)] }],
      }),
      aDeployment({
        id: 'dev-20260105-090000',
        environment: 'dev',
        deeds: [{ ...deed, checks: [check('one', true), check('two', false)] }],
      }),
      aDeployment({ id: 'dev-20260105-100000', environment: 'dev', deeds: [deed] }),
    )
    expect((await ask<HealthView>('/v1/health')).checked).toMatchObject([
      {
        environment: 'dev',
        deployment: 'dev-20260105-090000',
        passed: 1,
        failed: [{ target: 'gis', name: 'two', message: 'is gone' }],
      },
    ])
  })
})

describe('notifications', () => {
  it('tell what is configured', async () => {
    const slack = { enabled: true, channel: '#gis', events: ['deployment.failed'], hasAddress: true }
    world.facade.inactive = { slack, healthChecks: [] }
    expect(await ask('/v1/notifications')).toEqual({ slack })
  })
})
