import { describe, expect, it } from 'vitest'
import { graphOf } from '../../machines/chart-graph.ts'
import { environmentMachine } from '../../machines/environment/machine.ts'
import { askedBy, possibleIn } from '../../machines/verdicts.ts'
import { asJson, isJsonObject } from '../../src/core/json.ts'
import { Explainer } from '../../src/runtime/explain.ts'
import { ANNA, aDecision, asking, ChartRun } from '../support/builders/environment.ts'
import { charts } from '../support/charts.ts'

const possible = (run: ChartRun, event: string) =>
  possibleIn(environmentMachine, run.state, { at: run.at, sequence: run.sequence + 1 })
    .filter((one) => one.event === event)
    .map(({ id, verdict }) => `${id} ${verdict}`)

describe('what a chart would take now', () => {
  it('an answer is possible while its effect is owed, and its branches are told by their guards', () => {
    const run = new ChartRun().planned().decided('deploy').writing()
    expect(possible(run, 'wave.applied')).toEqual([
      'Deploying.applying/wave.applied/1 no',
      'Deploying.applying/wave.applied/2 yes',
    ])
    expect(possible(run, 'wave.failed')).toEqual(['Deploying.applying/wave.failed/0 yes'])
  })

  it('what depends on the event leaves the branches after it open', () => {
    expect(possible(new ChartRun().planned(), 'decision.made')).toEqual([
      'OutOfSync.deciding/decision.made/1 depends',
      'OutOfSync.deciding/decision.made/2 depends',
      'OutOfSync.deciding/decision.made/3 depends',
      'OutOfSync.deciding/decision.made/4 depends',
    ])
  })

  it('what an inner state takes in any case hides what is outside of it', () => {
    const run = new ChartRun().deployed()
    expect(possible(run, 'look.requested')).toEqual(['Synced/look.requested/0 yes'])
    expect(possible(run, 'head.moved')).toEqual(['Synced/head.moved/0 yes'])
  })

  it('a deadline decides by the time', () => {
    const run = new ChartRun().deployed()
    expect(possible(run, 'timer.fired')[0]).toBe('Synced.quiet/timer.fired/0 no')
    run.at = run.context.nextLookAt ?? 0
    expect(possible(run, 'timer.fired')[0]).toBe('Synced.quiet/timer.fired/0 yes')
  })
})

describe('what an event asks', () => {
  it('guards are asked in turn until one holds', () => {
    const run = asking()
    const event = { type: 'approval.granted', deployment: 'another', by: ANNA, reason: '', at: run.at, sequence: 9 }
    expect(askedBy(environmentMachine, run.state, event)).toEqual([
      { id: 'AwaitingApproval/approval.granted/0', guard: 'approves the open request', holds: false },
    ])
  })

  it('agrees with what the chart does, wherever it goes', () => {
    const run = new ChartRun().planned()
    const explainer = new Explainer(environmentMachine, { name: 'production' })
    for (const outcome of ['deploy', 'ask', 'wait', 'block'] as const) {
      const event = { type: 'decision.made', effect: run.owed, decision: aDecision(outcome), at: run.at, sequence: 4 }
      const context = asJson(run.context)
      if (!isJsonObject(context)) throw new TypeError('a context is an object')
      const { asked, taken } = explainer.explain({ value: run.state.value, context }, event)
      expect(taken[0], outcome).toBe(asked.at(-1)?.id)
      expect(asked.map(({ holds }) => holds).lastIndexOf(true), outcome).toBe(asked.length - 1)
    }
  })
})

describe.each(charts)('the graph of $machine.id', ({ machine }) => {
  const graph = graphOf(machine)
  const paths = new Set(graph.states.map(({ path }) => path))

  it('names each transition once, between states that exist', () => {
    expect(new Set(graph.transitions.map(({ id }) => id)).size).toBe(graph.transitions.length)
    const stray = graph.transitions.filter(
      ({ source, target }) => (source !== '' && !paths.has(source)) || (target !== null && !paths.has(target)),
    )
    expect(stray).toEqual([])
  })

  it('has every state inside of one that exists, and every state with others inside begins in one of them', () => {
    for (const { path, parent, initial } of graph.states) {
      expect(parent === '' || paths.has(parent), path).toBe(true)
      const inner = graph.states.filter((one) => one.parent === path).map((one) => one.path)
      expect(initial === null ? inner : inner.filter((one) => one === initial), path).toHaveLength(
        initial === null ? 0 : 1,
      )
    }
    expect(paths.has(graph.initial)).toBe(true)
  })
})
