import type { Deed, LeftOver, PlaceLeft, Remains } from './vocabulary.ts'

/** What is told by an event of a rollback, beside what was known before: what is on the targets, and steps that it did again. */
interface Told {
  readonly remains?: readonly Remains[]
  /** Steps that the rollback did again, where the event tells of them. */
  readonly again?: readonly Deed[]
}

/**
 * What a rollback has left. Servers that stayed drained are read off all steps that were done, in their order: the last that a
 * balancer was asked about them was not that it uses them again, or it did not do so.
 */
export function leftOver(former: LeftOver | undefined, deeds: readonly Deed[], { remains, again }: Told): LeftOver {
  return {
    targets: remains ?? former?.targets ?? [],
    drained: drained(deeds),
    notDoneAgain: again === undefined ? (former?.notDoneAgain ?? []) : again.filter(({ ok }) => !ok).map(placeOf),
  }
}

export function isNothing({ targets, drained: servers, notDoneAgain }: LeftOver): boolean {
  return targets.length === 0 && servers.length === 0 && notDoneAgain.length === 0
}

function drained(deeds: readonly Deed[]): readonly PlaceLeft[] {
  const last = new Map<string, Deed>()
  for (const deed of deeds) if (deed.server !== undefined) last.set(`${deed.target}\t${deed.server}`, deed)
  return [...last.values()].filter(({ step, ok }) => step === 'drain' || !ok).map(placeOf)
}

function placeOf({ step, target, instance, server }: Deed): PlaceLeft {
  return { step, target, instance: server ?? instance }
}
