import { driftBugs } from './drift.ts'
import { restoreBugs } from './restore.ts'
import { topologyBugs } from './topology.ts'

/** A mistake of a line or two, as somebody might make it one day. */
export interface Bug {
  readonly name: string
  /** Stands in the file exactly once. */
  readonly file: string
  readonly find: string
  readonly replace: string
  /** Faults under which it is looked for; `default` unless said otherwise. */
  readonly profile?: string
}

export const bugs: readonly Bug[] = [
  ...topologyBugs,
  ...driftBugs,
  ...restoreBugs,
  {
    name: 'an append is acknowledged before its batch is synced',
    file: 'src/adapters/store/writer.ts',
    find: 'await this.#engine.write(this.#batchOf(group))',
    replace: 'void this.#engine.write(this.#batchOf(group))',
  },
  {
    name: 'an effect starts before its intent is on disk',
    file: 'src/runtime/actor.ts',
    find: 'const entry = await store.append({',
    replace:
      'this.#told.next({ ...step, entry: { sequence: event.sequence } as never })\n    const entry = await store.append({',
  },
  {
    name: 'a failed write is acknowledged',
    file: 'src/adapters/store/writer.ts',
    find: 'for (const unit of refused) unit.reject(this.#refusal)',
    replace: 'for (const unit of refused) unit.resolve()',
    profile: 'disk',
  },
  {
    name: 'the digest of the plan is not compared before it is carried out',
    file: 'src/runtime/environment/deploy.ts',
    find: 'found.sight.plan.digest !== effect.plan',
    replace: 'false',
    profile: 'target',
  },
  {
    name: 'a request stands although its plan has changed',
    file: 'machines/environment/vocabulary.ts',
    find: 'context.attempt?.plan.digest === planned.plan.digest',
    replace: 'true || context.attempt?.plan.digest === planned.plan.digest',
  },
  {
    name: 'a release that failed is not quarantined',
    file: 'src/core/gates/quarantine.ts',
    find: 'quarantine === null\n',
    replace: 'quarantine !== undefined\n',
    profile: 'target',
  },
  {
    name: 'a trigger during a poll is lost',
    file: 'src/streams/coalesce.ts',
    find: 'else waiting = { trigger }',
    replace: '',
    profile: 'people',
  },
  {
    name: 'the zone of a window is ignored',
    file: 'src/core/gates/local-time.ts',
    find: '    timeZone,\n    weekday',
    replace: "    timeZone: 'UTC',\n    weekday",
    profile: 'clock',
  },
  {
    name: 'the head is handed on only when it moves, not at a start',
    file: 'src/runtime/controller.ts',
    find: 'if (head !== null) await this.#dispatch(head.commit)\n    for',
    replace: 'for',
    profile: 'crash',
  },
  {
    name: 'a hold is ignored',
    file: 'src/core/gates/held.ts',
    find: 'hold === null ||',
    replace: 'hold !== undefined ||',
    profile: 'people',
  },
  {
    name: 'a plan that deletes almost everything asks nobody',
    file: 'src/core/plan/risk.ts',
    find: 'return deletePercent > maxDeletePercent || deletePercent >= 100',
    replace: 'return deletePercent > 1000 + maxDeletePercent',
  },
  {
    name: 'what was written is not read back',
    file: 'src/runtime/environment/deploy.ts',
    find: '  assertNothingLeft(after)\n',
    replace: '  void after\n',
    profile: 'target',
  },
  {
    name: 'health is not asked for after a write',
    file: 'src/runtime/environment/deploy.ts',
    find: '  await awaitHealth(world, context, signal)\n',
    replace: '',
    profile: 'target',
  },
  {
    name: 'what is no longer declared is deleted although prune is off',
    file: 'src/core/plan/changes.ts',
    find: 'if (!right.prune && !right.created.has(live.key))',
    replace: 'if (false)',
  },
  {
    name: 'what others keep on a target is taken for ours',
    file: 'src/core/plan/changes.ts',
    find: 'target.abilities.exclusive || right.owned.has(key)',
    replace: 'true || right.owned.has(key)',
    profile: 'target',
  },
  {
    name: 'a protected resource is deleted',
    file: 'src/core/resource.ts',
    find: "=== 'false'",
    replace: "=== 'never'",
  },
  {
    name: 'a rollback goes to the release that has just failed',
    file: 'machines/environment/memory.ts',
    find: 'return { commit: applied.commit, release: applied.release }',
    replace: 'return { commit: attempt.plan.commit, release: attempt.plan.release }',
    profile: 'target',
  },
  {
    name: 'a superseded request is never closed',
    file: 'machines/environment/machine.ts',
    find: "target: '#environment.OutOfSync.deciding', actions: ['supersede', { type: 'take plan', params: it }]",
    replace: "target: '#environment.OutOfSync.deciding', actions: [{ type: 'take plan', params: it }]",
  },
  {
    name: 'a request never expires',
    file: 'machines/environment/vocabulary.ts',
    find: 'isDue(context.attempt?.expiresAt, event.at),',
    replace: 'isDue(context.attempt?.expiresAt, -1),',
  },
  {
    name: 'an attempt is repeated for ever',
    file: 'machines/environment/vocabulary.ts',
    find: 'triesOf(context) + 1 < context.settings.retry.attemptsMax',
    replace: 'triesOf(context) >= 0',
    profile: 'target',
  },
  {
    name: 'deadlines are forgotten over a restart',
    file: 'src/runtime/environment/host.ts',
    find: 'startWith(wakeAt(this.context))',
    replace: 'startWith(null)',
    profile: 'crash',
  },
  {
    name: 'what was owed is not begun again after a restart',
    file: 'src/runtime/controller.ts',
    find: 'for (const host of this.#hosts.values()) host.start()',
    replace: '',
    profile: 'crash',
  },
  {
    name: 'a rewritten history is followed without asking',
    file: 'machines/source/machine.ts',
    find: 'done.rewritten &&',
    replace: 'false &&',
    profile: 'git',
  },
  {
    name: 'an entry that was changed on the disk is not noticed',
    file: 'src/adapters/store/inspection.ts',
    find: '|| entry.hash !== journalHash(entry)',
    replace: '',
    profile: 'disk',
  },
  {
    name: 'a gap in the journal is not noticed',
    file: 'src/adapters/store/inspection.ts',
    find: "if (sequence !== head.sequence + 1) this.#missing({ in: 'journal', stream, sequence: head.sequence + 1 }, sequence)",
    replace: '',
    profile: 'disk',
  },
  {
    name: 'a state that its journal does not lead to is not noticed',
    file: 'src/adapters/store/inspection.ts',
    find: 'else if (snapshot.state !== this.#states.get(stream))',
    replace: 'else if (snapshot.state === null)',
    profile: 'disk',
  },
  {
    name: 'a clock that is set back brings old ids back',
    file: 'machines/environment/memory.ts',
    find: 'if (lastBase < now) return now',
    replace: 'if (lastBase < now || last !== now) return now',
    profile: 'clock',
  },
  {
    name: 'a file that cannot be read is left out',
    file: 'src/core/desired.ts',
    find: 'if (problems.length > 0) return { desired: null,',
    replace: 'if (problems.length > 999) return { desired: null,',
  },
  {
    name: 'what a rollback would need is collected as garbage',
    file: 'src/runtime/history/mark.ts',
    find: '    marks.add(digestsIn(value))\n',
    replace: '',
    profile: 'calm',
  },
  {
    name: 'a commit that comes amid a deployment is forgotten',
    file: 'machines/environment/vocabulary.ts',
    find: "'look again afterwards': assign({ outdated: true })",
    replace: "'look again afterwards': assign({ outdated: false })",
  },
  {
    name: 'a step that takes too long is not broken off',
    file: 'src/runtime/patience.ts',
    find: '() => limit.abort(timeout),',
    replace: '() => undefined,',
    profile: 'target',
  },
  {
    name: 'an order waits for a target that hangs, for ever',
    file: 'src/runtime/going-back.ts',
    find: '{ ms: ORDER_LIMIT_MS, what',
    replace: '{ ms: ORDER_LIMIT_MS * 1000, what',
    profile: 'crash',
  },
  {
    name: 'deadlines are waited for although the clock was set back',
    file: 'src/streams/wakes.ts',
    find: "isSetBack ? 'clock-set-back' : null",
    replace: 'isSetBack ? null : null',
    profile: 'clock',
  },
]
