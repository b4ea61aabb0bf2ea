/** Changes to a chart: each transition never taken, unguarded, wrongly guarded, redirected; each action dropped; branches swapped. */
import { type Change, quoted } from './mutant.ts'
import { bare, keyOf, listed, type Node, properties, under } from './syntax.ts'

/** A chart in a source text: the object given to `createMachine`, and the constants that it is written with. */
export interface Chart {
  readonly source: string
  readonly root: Node
  readonly constants: ReadonlyMap<string, Node>
}

/** Negated guards need it; it stands on the first line, so that no line moves. */
export const NEGATION = `import { not as negation } from 'xstate'; `

/** Every change to the chart. */
export function chartChanges(chart: Chart): readonly Change[] {
  const name = String(properties(chart.root).get('id')?.['value'])
  return stateChanges({ ...chart, name, leaves: leavesUnder(chart.root, []) }, chart.root, [])
}

interface Known extends Chart {
  readonly name: string
  /** Paths of the states without states inside, in order. */
  readonly leaves: readonly string[]
}

function stateChanges(chart: Known, state: Node, path: readonly string[]): readonly Change[] {
  const { source } = chart
  const fields = properties(state)
  const where = path.join('.') || 'machine'
  const states = [...properties(fields.get('states'))]
  const initial = fields.get('initial')
  const other = states.map(([name]) => name).find((name) => name !== initial?.['value'])
  const starts: readonly Change[] =
    initial === undefined || other === undefined
      ? []
      : [{ where, what: `initial: ${other}`, start: initial.start, end: initial.end, text: `'${other}'` }]
  const steps = ['entry', 'exit'].flatMap((key) => {
    const actions = fields.get(key)
    if (actions === undefined) return []
    return elements(actions).map((action): Change => {
      const rest = elements(actions).filter((one) => one !== action)
      const text = `[${rest.map((one) => source.slice(one.start, one.end)).join(', ')}]`
      return { where: `${where} · ${key}`, what: `${quoted(source, action)}: dropped`, ...place(actions), text }
    })
  })
  const always = fields.get('always')
  const answers = [...properties(fields.get('on')), ...(always === undefined ? [] : [['at once', always] as const])]
  const transitions = answers.flatMap(([event, answer]) => {
    const branches = elements(answer)
    return [
      ...branches.flatMap((one, index) => transitionChanges(chart, one, path, `${where} · ${event} · ${index + 1}`)),
      ...swaps(source, branches, `${where} · ${event}`),
    ]
  })
  const deeper = states.flatMap(([name, inner]) => stateChanges(chart, inner, [...path, name]))
  return [...starts, ...steps, ...transitions, ...deeper]
}

/** The first branch whose guard says yes is taken: each two that follow each other, in the other order. */
function swaps(source: string, branches: readonly Node[], where: string): readonly Change[] {
  return branches.flatMap((one, index) => {
    const next = branches[index + 1]
    if (next === undefined) return []
    const text = [next, { start: one.end, end: next.start }, one].map(({ start, end }) => source.slice(start, end))
    const what = `branches ${index + 1} and ${index + 2}: swapped`
    return [{ where, what, start: one.start, end: next.end, text: text.join('') }]
  })
}

function transitionChanges(chart: Known, node: Node, path: readonly string[], where: string): readonly Change[] {
  const { source } = chart
  const whole = `(${source.slice(node.start, node.end)})`
  const over = (what: string, field: string): Change => ({
    where,
    what,
    ...place(node),
    text: `{ ...${whole}, ${field} }`,
  })
  const fields = fieldsOf(chart, node)
  const guard = fields.get('guard')
  const target = targetOf(fields.get('target'), path)
  const actions = elements(fields.get('actions'))
  const next = target === undefined ? undefined : anotherLeaf(chart.leaves, target)
  return [
    over('never taken', 'guard: () => false'),
    ...(guard === undefined
      ? []
      : [
          over(`guard ${quoted(source, guard)}: dropped`, 'guard: undefined'),
          over(`guard ${quoted(source, guard)}: negated`, `guard: negation(${whole}.guard)`),
        ]),
    ...(next === undefined
      ? []
      : [
          over('stays', 'target: undefined, reenter: undefined'),
          over(`goes to ${next}`, `target: '#${chart.name}.${next}'`),
        ]),
    ...(fields.has('reenter') ? [over('not entered again', 'reenter: false')] : []),
    ...actions.map((action, index) =>
      over(`action ${quoted(source, action)}: dropped`, `actions: [${whole}.actions].flat().toSpliced(${index}, 1)`),
    ),
  ]
}

/** The fields of a transition, through constants and spreads. */
function fieldsOf(chart: Chart, node: Node | undefined): ReadonlyMap<string, Node> {
  const plain = bare(node)
  if (plain?.type === 'Identifier') return fieldsOf(chart, chart.constants.get(keyOf(plain)))
  const spread = listed(plain, 'properties').filter((one) => one.type === 'SpreadElement')
  return new Map([...spread.flatMap((one) => [...fieldsOf(chart, under(one, 'argument'))]), ...properties(plain)])
}

/** The path of a state that a transition names, seen from where it stands. */
function targetOf(node: Node | undefined, path: readonly string[]): string | undefined {
  const name = node?.['value']
  if (typeof name !== 'string') return undefined
  if (name.startsWith('#')) return name.split('.').slice(1).join('.')
  const from = name.startsWith('.') ? path : path.slice(0, -1)
  return [...from, name.replace(/^\./, '')].join('.')
}

/** The state after the target in the chart's order; the first after the last. */
function anotherLeaf(leaves: readonly string[], target: string): string | undefined {
  const index = leaves.findIndex((leaf) => leaf === target || leaf.startsWith(`${target}.`))
  return leaves[(index + 1) % leaves.length]
}

function leavesUnder(state: Node, path: readonly string[]): readonly string[] {
  const states = [...properties(properties(state).get('states'))]
  return states.length === 0 ? [path.join('.')] : states.flatMap(([name, inner]) => leavesUnder(inner, [...path, name]))
}

function elements(node: Node | undefined): readonly Node[] {
  if (node === undefined) return []
  return node.type === 'ArrayExpression' ? listed(node, 'elements') : [node]
}

function place({ start, end }: Node): { readonly start: number; readonly end: number } {
  return { start, end }
}
