/** A database goes back to a backup: asked for, approved, done once, then held. */
import { beforeEach, describe, expect, it } from 'vitest'
import { openMemoryStore } from '../../src/adapters/store/index.ts'
import { targetErrors } from '../../src/core/errors/target.ts'
import type { DatabaseBackup, Deployment } from '../../src/core/vocabulary.ts'
import type { ActRequest } from '../../src/ports/driver.ts'
import type { Store } from '../../src/ports/store.ts'
import { ANNA } from '../support/builders/environment.ts'
import { layerFile } from '../support/builders/layers.ts'
import { type MemoryGit, memoryGit } from '../support/memory-git.ts'
import { MemoryTarget } from '../support/memory-target.ts'
import { OTTO, type RuntimeWorld, startRuntime } from '../support/runtime-world.ts'
import { type VirtualClock, virtualClock } from '../support/virtual-clock.ts'

const MINUTE = 60_000
const approvalTtlMs = 60 * MINUTE
const ASKED = { reason: 'parcels were overwritten', target: 'db', backup: 'monday' }

/** A database in memory that keeps one backup, and can be stopped between the work and its answer. */
class Database extends MemoryTarget {
  override actions = ['restore-backup']
  kept: DatabaseBackup = { id: 'monday', madeAt: Date.UTC(2026, 0, 5), digest: 'd1', loses: ['a day of work is lost'] }
  restored = 0
  /** Ends the work without an answer, as a controller that dies does. */
  answers = true
  readonly #done = new Set<string>()

  async backup(id: string): Promise<DatabaseBackup> {
    if (id === this.kept.id) return this.kept
    throw targetErrors.refused({ target: this.name, reason: 'no such backup', remedy: `name one of ${this.kept.id}` })
  }

  override async act(request: ActRequest): Promise<{ readonly message: string }> {
    const done = await super.act(request)
    if (this.#done.has(request.idempotencyKey)) return { message: `${done.message} before` }
    this.#done.add(request.idempotencyKey)
    this.restored += 1
    if (!this.answers) await new Promise(() => undefined)
    return done
  }
}

let clock: VirtualClock
let git: MemoryGit
let store: Store
let db: Database
let world: RuntimeWorld
let restart: () => Promise<void>

beforeEach(async () => {
  clock = virtualClock()
  git = memoryGit()
  store = await openMemoryStore()
  db = new Database('db')
  const gis = new MemoryTarget('gis')
  git.commit({ 'environments/dev/a.yaml': layerFile('a', { title: 'first' }) })
  world = await startRuntime({ clock, git, store, drivers: () => [gis, db], settings: () => ({ approvalTtlMs }) })
  restart = async () => {
    await world.stop()
    world = await startRuntime({ clock, git, store, drivers: () => [gis, db], settings: () => ({ approvalTtlMs }) })
    await clock.advance(MINUTE)
  }
  await clock.advance(MINUTE)
  expect(world.facade.environment('dev')?.path).toBe('Synced.quiet')
  return () => world.stop()
})

const path = () => world.facade.environment('dev')?.path
const hold = () => world.facade.environment('dev')?.context.hold

async function ask(over: Partial<typeof ASKED> = {}) {
  const answer = await world.facade.restore('dev', { ...ASKED, ...over }, ANNA)
  return answer.ok ? answer.value.deployment : `${answer.why} ${answer.code}: ${answer.message}; ${answer.remedy}`
}
const approve = (id: string) => world.facade.approve(id, { reason: 'I looked', plan: null }, OTTO)
const record = async (id: string): Promise<Deployment | undefined> => world.facade.deployment(id)

async function audited(): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const { actor, action } of world.facade.audit()) lines.push(`${String(actor['name'])} ${action}`)
  return lines
}

describe('a restore', () => {
  it('is only asked for: the request names the backup and what is lost, and nothing happens', async () => {
    const id = await ask()
    await clock.advance(30 * MINUTE)
    expect([path(), db.restored]).toEqual(['AwaitingApproval.askedToRecover', 0])
    const told = await world.facade.deploymentPlan(id)
    expect(told?.plan).toMatchObject({ reason: 'recovery', risk: 'Critical', rollback: 'manual', changes: [] })
    expect(told?.plan.notes).toEqual([
      'db goes back to its backup monday, made at 2026-01-05T00:00:00.000Z (sha256 d1)',
      'db: a day of work is lost',
    ])
    expect(await record(id)).toMatchObject({ state: 'AwaitingApproval', initiatedBy: ANNA })
  })

  it('that is approved is done once, and the environment is held', async () => {
    const id = await ask()
    expect((await approve(id)).ok).toBe(true)
    await clock.advance(MINUTE)
    expect([path(), db.restored]).toEqual(['OutOfSync.held', 1])
    expect(db.acts).toMatchObject([{ action: 'restore-backup', inputs: { backup: 'monday', digest: 'd1' } }])
    expect(hold()).toMatchObject({ kind: 'intervention', reason: 'db: restore-backup done; check it, then unhold' })
    expect(await record(id)).toMatchObject({
      state: 'RolledBack',
      outcome: null,
      approvedBy: OTTO,
      deeds: [{ step: 'restore-backup', target: 'db', ok: true }],
    })
    expect(await audited()).toEqual(
      expect.arrayContaining(['anna recovery.requested', 'otto approval.granted', 'controller deployment.rolledback']),
    )
    await world.facade.unhold('dev', { reason: 'I checked' }, ANNA)
    await clock.advance(MINUTE)
    expect([path(), db.restored]).toEqual(['Synced.quiet', 1])
  })

  it('that fails leaves the environment held too, and says so', async () => {
    db.cannot.set('restore-backup', 'the dump is torn')
    const id = await ask()
    await approve(id)
    await clock.advance(MINUTE)
    expect(path()).toBe('OutOfSync.held')
    expect(hold()).toMatchObject({ kind: 'intervention', reason: expect.stringContaining('the dump is torn') })
    expect(await record(id)).toMatchObject({ state: 'Failed', outcome: 'recovery-failed', deeds: [{ ok: false }] })
  })

  it('whose controller dies between work and answer is asked for again by the same key, and not done twice', async () => {
    db.answers = false
    const id = await ask()
    await approve(id)
    await clock.advance(1_000)
    expect([path(), db.restored]).toEqual(['RollingBack.recovering', 1])
    await restart()
    expect([path(), db.restored, db.acts.length]).toEqual(['OutOfSync.held', 1, 2])
    expect(new Set(db.acts.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1)
    expect(hold()?.reason).toBe('db: restore-backup done before; check it, then unhold')
    expect((await record(id))?.state).toBe('RolledBack')
  })

  it('may be approved while the environment is held, and whatever was pushed; what was pushed is looked at afterwards', async () => {
    await world.facade.hold('dev', { reason: 'hands off', until: null }, ANNA)
    const id = await ask()
    git.commit({ 'environments/dev/a.yaml': layerFile('a', { title: 'second' }) })
    await clock.advance(10 * MINUTE)
    expect(path()).toBe('AwaitingApproval.askedToRecover')
    expect((await approve(id)).ok).toBe(true)
    await clock.advance(MINUTE)
    expect([path(), db.restored]).toEqual(['OutOfSync.held', 1])
    expect(hold()?.kind).toBe('intervention')
    expect((await world.facade.plan('dev'))?.plan.reason).toBe('commit')
  })

  it.each([
    ['the backup is another', () => Object.assign(db, { kept: { ...db.kept, digest: 'd2' } })],
    ['the backup is gone', () => Object.assign(db, { kept: { ...db.kept, id: 'tuesday' } })],
    ['the database holds something else', () => db.resources.delete('Layer/default/a')],
  ])('is void when %s by the time it is carried out', async (_, change) => {
    const id = await ask()
    change()
    await approve(id)
    await clock.advance(MINUTE)
    expect(db.restored).toBe(0)
    expect(await record(id)).toMatchObject({ state: 'Failed', outcome: 'stale' })
    expect([path(), hold()]).toEqual(['Synced.quiet', null])
  })

  it.each([
    ['rejected', (id: string) => world.facade.reject(id, { reason: 'no' }, OTTO)],
    ['cancelled', (id: string) => world.facade.cancel(id, { reason: 'no' }, OTTO)],
    ['expired', () => clock.advance(approvalTtlMs)],
  ])('that is %s leaves everything as it was', async (outcome, answer) => {
    const id = await ask()
    await answer(id)
    await clock.advance(MINUTE)
    expect(await record(id)).toMatchObject({ state: 'Failed', outcome })
    expect([path(), db.restored]).toEqual(['Synced.quiet', 0])
    expect(world.facade.environment('dev')?.context.quarantine).toEqual([])
  })

  it('is refused with the reason, and nobody is asked', async () => {
    expect(await ask({ target: 'nowhere' })).toBe(
      'not-found HONUA_TARGET_UNKNOWN: "dev" has no target "nowhere"; name one of gis, db',
    )
    expect(await ask({ target: 'gis' })).toMatch(/^invalid HONUA_TARGET_NO_BACKUPS/)
    expect(await ask({ backup: 'sunday' })).toBe(
      'invalid HONUA_TARGET_REFUSED: target "db" refuses: no such backup; name one of monday',
    )
    expect(path()).toBe('Synced.quiet')
    await ask()
    expect(await ask()).toMatch(/^refused HONUA_STATE_REFUSES: a restore is not possible/)
  })

  it('is refused while a deployment runs', async () => {
    db.health = () => new Promise(() => undefined)
    git.commit({ 'environments/dev/a.yaml': layerFile('a', { title: 'second' }) })
    await clock.advance(MINUTE)
    expect(path()).toBe('Deploying.postValidating')
    expect(await ask()).toMatch(/^busy HONUA_ENVIRONMENT_BUSY/)
    expect(db.restored).toBe(0)
  })
})
