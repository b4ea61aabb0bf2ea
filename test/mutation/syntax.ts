/** A source text as a syntax tree, with just what finding mutants needs. */
import { parseAst } from 'vitest/node'

/** A node of the ESTree kind; `start` and `end` are offsets in the text. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

/** Types are no behaviour. */
const TYPES = /^TS(?!As|Satisfies|NonNull)/

/** The whole text as one node. Throws on what is no TypeScript. */
export function parsed(text: string): Node {
  const program: unknown = parseAst(text, { lang: 'ts' })
  if (!isNode(program)) throw new TypeError('the parser gave no tree')
  return program
}

/** The node under a key; undefined where there is none. */
export function under(node: Node | undefined, key: string): Node | undefined {
  const value = node?.[key]
  return isNode(value) ? value : undefined
}

/** The nodes of a list under a key. */
export function listed(node: Node | undefined, key: string): readonly Node[] {
  const value = node?.[key]
  return Array.isArray(value) ? value.filter(isNode) : []
}

/** All nodes directly inside, in the order of the text, types left out. */
export function inside(node: Node): readonly Node[] {
  return Object.values(node)
    .flat()
    .filter(isNode)
    .filter((one) => !TYPES.test(one.type))
    .toSorted((a, b) => a.start - b.start)
}

/** The expression itself, without `as const`, `satisfies` and brackets. */
export function bare(node: Node | undefined): Node | undefined {
  const inner = under(node, 'expression')
  return node !== undefined && /^(TSAs|TSSatisfies|Parenthesized)/.test(node.type) ? bare(inner) : node
}

/** Properties of an object literal by their keys; spreads are left out. */
export function properties(node: Node | undefined): ReadonlyMap<string, Node> {
  return new Map(
    listed(bare(node), 'properties').flatMap((property) => {
      const value = under(property, 'value')
      return property.type === 'Property' && value !== undefined ? [[keyOf(property), value] as const] : []
    }),
  )
}

/** The name of a property, a variable or a function; '' where it is computed. */
export function keyOf(node: Node): string {
  const key = under(node, 'key') ?? under(node, 'id') ?? node
  const name = key['name'] ?? key['value']
  return typeof name === 'string' ? name : ''
}

/** The name of the function that is called: `assign`, or `filter` of `list.filter(…)`. */
export function calleeOf(node: Node): string {
  if (node.type !== 'CallExpression') return ''
  const callee = under(node, 'callee')
  const name = callee?.type === 'MemberExpression' ? under(callee, 'property') : callee
  return name === undefined ? '' : keyOf(name)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value
}
