/**
 * Mutants that no test notices, each with the reason why none can. `npm run mutate` ends with an error when one of them is noticed after
 * all or stands for no mutant any more, and when a mutant survives that is not listed.
 */
export interface Survivor {
  /** The mutant's id, as `npm run mutate` prints it, with the file in front. */
  readonly id: string
  /** `equivalent: ` and why the changed machine does the same. */
  readonly reason: string
}

const ONE_EFFECT =
  'equivalent: a state that takes answers owes exactly one effect, as the walks prove; of one, some is every'

const ONE_OUTCOME = 'equivalent: a decision has one outcome, so that only one of the two guards says yes'

export const survivors: readonly Survivor[] = [
  {
    id: 'machines/environment/machine.ts · OutOfSync · initial: deciding',
    reason: 'equivalent: a chart must name a first state, but every arrow into OutOfSync names the state inside',
  },
  {
    id: 'machines/environment/machine.ts · OutOfSync.deciding · decision.made · branches 2 and 3: swapped',
    reason: ONE_OUTCOME,
  },
  {
    id: 'machines/environment/machine.ts · OutOfSync.deciding · decision.made · branches 3 and 4: swapped',
    reason: ONE_OUTCOME,
  },
  {
    id: 'machines/environment/vocabulary.ts · answers the effect owed · context.owed.some((effect) => effect.id === answer.effect): every',
    reason: ONE_EFFECT,
  },
  {
    id: 'machines/environment/vocabulary.ts · answers nothing owed · context.owed.every((effect) => effect.id !== answer.effect): some',
    reason: ONE_EFFECT,
  },
  {
    id: "machines/environment/memory.ts · waitingFor · verdict.answer === 'defer': left out",
    reason: 'equivalent: only an answer that defers has a moment; it is asked for so that the compiler knows',
  },
  {
    id: 'machines/source/machine.ts · answers the effect owed · context.owed.some((effect) => effect.id === answer.effect): every',
    reason: ONE_EFFECT,
  },
  {
    id: 'machines/source/machine.ts · answers nothing owed · context.owed.every((effect) => effect.id !== answer.effect): some',
    reason: ONE_EFFECT,
  },
  {
    id: 'machines/source/machine.ts · context · field owed: dropped',
    reason: 'equivalent: the first state owes nothing on entry, which writes the same empty list',
  },
  {
    id: "machines/diagram.ts · diagramPage · '': left out",
    reason: 'equivalent: joining lines writes nothing for a description that is not there',
  },
  {
    id: "machines/diagram.ts · guardName · !('type' in guard): left out",
    reason: 'equivalent: a guard is a name, a function, or an object with its name as type; no object lacks one',
  },
  {
    id: 'machines/diagram.ts · guardName · guard === null: left out',
    reason: 'equivalent: a transition without a guard has none at all, never null; its type does not say so',
  },
  {
    id: 'machines/diagram.ts · initialOf · target === undefined: never',
    reason: 'equivalent: a state with states inside has a first one, or xstate does not make the chart',
  },
  {
    id: "machines/diagram.ts · initialOf · '': '?'",
    reason: 'equivalent: it stands for a first state that is not there, which xstate does not allow',
  },
]
