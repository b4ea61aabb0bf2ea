/** A chart as a Mermaid state diagram, drawn from the machine itself: what the diagram shows is what runs. */
import type { AnyStateMachine, AnyStateNode } from 'xstate'

/** The whole diagram page of a machine, as Markdown. */
export function diagramPage(machine: AnyStateMachine): string {
  const lines = ['stateDiagram-v2', '  direction TB', `  [*] --> ${initialOf(machine.root)}`]
  for (const node of childrenOf(machine.root)) describe(node, '  ', lines)
  lines.push(...edgesOf(machine.root, '  '))
  return [
    `# ${machine.id}`,
    '',
    machine.root.description ?? '',
    '',
    'Drawn from `machine.ts` by `npm run diagrams`; a test fails when it is stale. Guards stand in brackets.',
    '',
    '```mermaid',
    ...lines,
    '```',
    '',
    '| state | what it means |',
    '|---|---|',
    ...allNodes(machine.root).map((node) => `| \`${pathOf(node)}\` | ${node.description ?? ''} |`),
    '',
  ].join('\n')
}

function describe(node: AnyStateNode, indent: string, lines: string[]): void {
  const children = childrenOf(node)
  if (children.length === 0) {
    lines.push(`${indent}state "${node.key}" as ${idOf(node)}`)
    return
  }
  lines.push(`${indent}state "${node.key}" as ${idOf(node)} {`, `${indent}  [*] --> ${initialOf(node)}`)
  for (const child of children) describe(child, `${indent}  `, lines)
  lines.push(`${indent}}`)
}

function edgesOf(node: AnyStateNode, indent: string): readonly string[] {
  const own = [...node.transitions.values()].flat().concat(node.always ?? [])
  const lines = own.flatMap((transition) =>
    (transition.target ?? []).map((target) => {
      const guard = guardName(transition.guard)
      const event = transition.eventType === '' ? 'at once' : transition.eventType
      return `${indent}${idOf(transition.source)} --> ${idOf(target)} : ${event}${guard === '' ? '' : ` [${guard}]`}`
    }),
  )
  return [...lines, ...childrenOf(node).flatMap((child) => edgesOf(child, indent))]
}

/** What stands in brackets: nothing where there is no guard, or one that every answer has. */
export function guardName(guard: unknown): string {
  if (typeof guard === 'string') return guard
  if (typeof guard !== 'object' || guard === null || !('type' in guard)) return ''
  return String(guard.type) === 'answers the effect owed' ? '' : String(guard.type)
}

export function childrenOf(node: AnyStateNode): readonly AnyStateNode[] {
  return Object.values(node.states)
}

/** All states inside of one, in the order of the chart. */
export function allNodes(node: AnyStateNode): readonly AnyStateNode[] {
  return childrenOf(node).flatMap((child) => [child, ...allNodes(child)])
}

function initialOf(node: AnyStateNode): string {
  const [target] = node.initial.target
  return target === undefined ? '' : idOf(target)
}

/** `OutOfSync.waiting`; empty for the chart itself. */
export function pathOf(node: AnyStateNode): string {
  return node.path.join('.')
}

function idOf(node: AnyStateNode): string {
  return node.path.join('_') || 'root'
}
