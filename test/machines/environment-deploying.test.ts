import { describe, expect, it } from 'vitest'
import { ANNA, aHead, aPlan, ChartRun } from '../support/builders/environment.ts'

const by = { by: ANNA, reason: 'because' }
const transient = { code: 'HONUA_TIMEOUT', message: 'too slow', transient: true }
const terminal = { code: 'HONUA_TARGET_REFUSED', message: 'no such table', transient: false }

describe('deploying', () => {
  it('goes validating, backing up, applying wave by wave, verifying, Synced', () => {
    const run = new ChartRun().planned('a', { waves: 2 }).decided('deploy')
    const seen = [run.owedKind]
    run.send({ type: 'validation.passed', effect: run.owed })
    seen.push(run.owedKind)
    run.send({ type: 'backup.done', effect: run.owed, bundle: 'backup' })
    seen.push(run.owedKind)
    run.send({ type: 'wave.applied', effect: run.owed })
    seen.push(run.owedKind)
    expect(run.context.owed).toMatchObject([{ wave: 1 }])
    run.send({ type: 'wave.applied', effect: run.owed })
    seen.push(run.owedKind)
    run.send({ type: 'verification.passed', effect: run.owed, inventory: 'inventory' })
    expect(seen).toEqual(['validate', 'backUp', 'applyWave', 'applyWave', 'verify'])
    expect([run.path, run.context.applied?.release]).toEqual(['Synced.quiet', 'release-a'])
  })

  it('a validation that may pass later is tried again after a growing pause, then given up', () => {
    const run = new ChartRun()
    const pauses: number[] = []
    run.planned().decided('deploy')
    for (let attempt = 0; attempt < 2; attempt += 1) {
      run.send({ type: 'validation.failed', effect: run.owed, ...transient })
      pauses.push((run.context.waiting?.until ?? 0) - run.at)
      run.send({ type: 'timer.fired' }, pauses.at(-1))
      run.send({ type: 'look.planned', effect: run.owed, plan: aPlan() })
      run.decided('deploy')
    }
    run.send({ type: 'validation.failed', effect: run.owed, ...transient })
    expect(pauses).toEqual([60_000, 120_000])
    expect([run.path, run.context.quarantine.length]).toEqual(['OutOfSync.held', 1])
  })

  it('a refused validation keeps the release away at once, and touches nothing', () => {
    const run = new ChartRun().planned().decided('deploy')
    run.send({ type: 'validation.failed', effect: run.owed, ...terminal })
    expect(run.path).toBe('OutOfSync.held')
    expect(run.context.ended?.attempt.failure).toEqual({
      outcome: 'validation-failed',
      code: 'HONUA_TARGET_REFUSED',
      message: 'no such table',
    })
  })

  it('a failed wave rolls back to the last good release', () => {
    const run = new ChartRun().deployed('a').planned('b').decided('deploy').writing()
    run.send({ type: 'wave.failed', effect: run.owed, ...terminal })
    expect(run.context.owed).toMatchObject([{ kind: 'restore', release: 'release-a' }])
  })

  it('a failed first deployment rolls back to what was live before', () => {
    const run = new ChartRun().planned('a').decided('deploy').writing()
    run.send({ type: 'wave.failed', effect: run.owed, ...terminal })
    expect(run.context.owed).toMatchObject([{ kind: 'restore', release: 'backup' }])
  })

  it('after a rollback the release stays away; the next commit deploys by itself', () => {
    const run = new ChartRun().deployed('a').planned('b').decided('deploy').writing()
    run.send({ type: 'wave.failed', effect: run.owed, ...terminal })
    run.send({ type: 'restore.done', effect: run.owed })
    run.send({ type: 'restore.verified', effect: run.owed, inventory: 'inventory' })
    expect(run.path).toBe('OutOfSync.held')
    expect(run.context.quarantine).toMatchObject([{ release: 'release-b' }])
    run.deployed('c')
    expect([run.path, run.context.applied?.release]).toEqual(['Synced.quiet', 'release-c'])
  })

  it('a commit that arrives while a bad one is rolled back is planned right after', () => {
    const run = new ChartRun().deployed('a').planned('b').decided('deploy').writing()
    run.send({ type: 'head.moved', head: aHead('c') })
    run.send({ type: 'wave.failed', effect: run.owed, ...terminal })
    run.send({ type: 'restore.done', effect: run.owed })
    run.send({ type: 'restore.verified', effect: run.owed, inventory: 'inventory' })
    expect([run.path, run.context.owed[0]]).toMatchObject(['OutOfSync.planning', { commit: 'c'.repeat(40) }])
  })

  it('a rollback that fails ends held and asks for a person; a newer commit does not lift that', () => {
    const run = new ChartRun().deployed('a').planned('b').decided('deploy').writing()
    run.send({ type: 'wave.failed', effect: run.owed, ...terminal })
    run.send({ type: 'restore.failed', effect: run.owed, ...transient })
    expect([run.path, run.context.hold?.kind]).toEqual(['OutOfSync.held', 'intervention'])
    run.planned('c')
    expect(run.context.hold?.kind).toBe('intervention')
  })

  it.each(['restore.failed', 'restore.unverified'] as const)(
    'what may be ours after %s is remembered, and nothing is forgotten where it cannot be told',
    (type) => {
      const failing = () => {
        const run = new ChartRun().deployed('a').planned('b').decided('deploy').writing()
        run.send({ type: 'wave.failed', effect: run.owed, ...terminal })
        if (type === 'restore.unverified') run.send({ type: 'restore.done', effect: run.owed })
        return run
      }
      const [told, untold] = [failing(), failing()]
      const before = untold.context.inventory
      told.send({ type, effect: told.owed, ...transient, inventory: 'claimed' })
      untold.send({ type, effect: untold.owed, ...transient })
      expect([told.context.inventory, untold.context.inventory]).toEqual(['claimed', before])
      expect(before).not.toBeNull()
    },
  )

  it('a hold with an end does not end the wait for a person after a failed rollback; one without an end takes over', () => {
    const run = new ChartRun().deployed('a').planned('b').decided('deploy').writing()
    run.send({ type: 'wave.failed', effect: run.owed, ...terminal })
    run.send({ type: 'restore.failed', effect: run.owed, ...transient })
    expect(run.send({ type: 'hold.placed', until: run.at + 1_000, ...by })).toBe(false)
    expect(run.send({ type: 'hold.placed', until: null, ...by })).toBe(true)
    expect(run.context.hold).toMatchObject({ kind: 'person', until: null })
  })

  it('cancelling before the first write stops; cancelling after it rolls back', () => {
    const early = new ChartRun().planned().decided('deploy')
    early.send({ type: 'deployment.cancelled', deployment: early.context.attempt?.id ?? '', ...by })
    const late = new ChartRun().planned().decided('deploy').writing()
    late.send({ type: 'deployment.cancelled', deployment: late.context.attempt?.id ?? '', ...by })
    expect([early.path, late.path]).toEqual(['OutOfSync.held', 'RollingBack.restoring'])
  })

  it('two attempts that begin in one second get different ids', () => {
    const run = new ChartRun().deployed('a')
    const first = run.context.ended?.attempt.id
    run.planned('b').decided('deploy')
    expect([first, run.context.attempt?.id]).toEqual(['production-20260105-080000', 'production-20260105-080000-2'])
  })
})

describe('a clock that is set back', () => {
  it('never brings the id of an older deployment back', () => {
    const run = new ChartRun().deployed('a')
    const ids = new Set([run.context.ended?.attempt.id])
    for (const letter of ['b', 'c', 'd']) {
      run.at -= 1_000
      run.deployed(letter)
      ids.add(run.context.ended?.attempt.id)
    }
    expect(ids.size).toBe(4)
  })
})
