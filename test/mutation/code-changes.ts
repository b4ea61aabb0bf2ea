/** Changes to ordinary code: a field, an element or a condition taken away, a comparison, a sum or a branch turned round. */
import { type Change, quoted } from './mutant.ts'
import { bare, calleeOf, inside, keyOf, listed, type Node, under } from './syntax.ts'

/** What an operator becomes: at its edge, and turned round. */
const TURNED: Readonly<Record<string, readonly string[]>> = {
  '===': ['!=='],
  '!==': ['==='],
  '==': ['!='],
  '!=': ['=='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '**': ['*'],
}
const CALLS: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  min: 'max',
  max: 'min',
  find: 'findLast',
}
/** Keys that say how a chart or a table is built, and nothing about what stands there. */
const STRUCTURE = new Set(['on', 'states', 'entry', 'exit', 'actions', 'guards', 'params', 'types', 'always'])
/** A figure or a fixed value, by its name. */
const CONSTANT = /^[A-Z][A-Z_]*$/
/** Calls that only make a list smaller, or put it in order. */
const SHRINKING = /^(filter|slice|toSorted)$/

/** All changes to the code of a file. */
export function codeChanges(source: string, program: Node): readonly Change[] {
  return changesIn(source, program, { where: 'file', isCode: false })
}

interface Place {
  readonly where: string
  /** Whether what stands here runs: the tables of names around it do not. */
  readonly isCode: boolean
}

function changesIn(source: string, node: Node, place: Place): readonly Change[] {
  const own = place.isCode ? changesOf(source, node, place.where) : []
  const deeper = inside(node).filter((inner) => !isName(inner, node))
  return [...own, ...deeper.flatMap((inner) => changesIn(source, inner, placeOf(inner, node, place)))]
}

/** Whether a node only names the property it stands in. */
function isName(node: Node, outer: Node): boolean {
  return outer.type === 'Property' && outer['computed'] !== true && under(outer, 'key') === node
}

function placeOf(node: Node, outer: Node, place: Place): Place {
  const isNamed =
    node.type === 'FunctionDeclaration' || (!place.isCode && /^(Property|VariableDeclarator)$/.test(node.type))
  const name = isNamed ? keyOf(node) : ''
  const isMemory = calleeOf(outer) === 'assign' || (outer.type === 'Property' && keyOf(outer) === 'context')
  return {
    where: name === '' || STRUCTURE.has(name) ? place.where : name,
    isCode:
      place.isCode ||
      /Function/.test(node.type) ||
      (isMemory && node.type === 'ObjectExpression') ||
      (node.type === 'VariableDeclarator' && CONSTANT.test(name)),
  }
}

function changesOf(source: string, node: Node, where: string): readonly Change[] {
  const text = (one: Node) => `(${source.slice(one.start, one.end)})`
  const to = (what: string, one: Node, replacement: string): Change => ({
    where,
    what,
    start: one.start,
    end: one.end,
    text: replacement,
  })
  const either = (test: Node) => [
    to(`${quoted(source, test)}: always`, test, '(true)'),
    to(`${quoted(source, test)}: never`, test, '(false)'),
  ]
  switch (node.type) {
    case 'ObjectExpression':
      return listed(node, 'properties').map((one) => dropped(source, where, 'field', one))
    case 'ArrayExpression':
      return listed(node, 'elements').map((one) => dropped(source, where, 'element', one))
    case 'LogicalExpression': {
      const [left, right] = [under(node, 'left'), under(node, 'right')]
      if (left === undefined || right === undefined) return []
      return [
        to(`${quoted(source, left)}: left out`, node, text(right)),
        to(`${quoted(source, right)}: left out`, node, text(left)),
      ]
    }
    case 'BinaryExpression': {
      const [left, right, sign] = [under(node, 'left'), under(node, 'right'), String(node['operator'])]
      if (left === undefined || right === undefined) return []
      return (TURNED[sign] ?? []).map((turned) =>
        to(`${quoted(source, node)}: ${turned}`, node, `(${text(left)} ${turned} ${text(right)})`),
      )
    }
    case 'UnaryExpression': {
      const argument = under(node, 'argument')
      return /^[!-]$/.test(String(node['operator'])) && argument !== undefined
        ? [to(`${quoted(source, node)}: without ${String(node['operator'])}`, node, text(argument))]
        : []
    }
    case 'ConditionalExpression':
    case 'IfStatement': {
      const test = under(node, 'test')
      return test === undefined ? [] : either(test)
    }
    case 'CallExpression':
      return callChanges(source, node, to)
    case 'Literal':
    case 'TemplateLiteral': {
      const other = otherThan(node)
      return other === null ? [] : [to(`${quoted(source, node)}: ${other}`, node, other)]
    }
    default:
      return []
  }
}

/** A constant of the same kind with another value; null for null, which the fields and sides that hold it stand for. */
function otherThan(node: Node): string | null {
  if (node.type === 'TemplateLiteral') return "''"
  const value = node['value']
  switch (typeof value) {
    case 'number':
      return String(value + 1)
    case 'boolean':
      return String(!value)
    case 'string':
      return value === '' ? "'?'" : "''"
    default:
      return null
  }
}

function callChanges(
  source: string,
  node: Node,
  to: (what: string, one: Node, replacement: string) => Change,
): readonly Change[] {
  const callee = bare(under(node, 'callee'))
  const [list, method] = [under(callee, 'object'), under(callee, 'property')]
  const name = calleeOf(node)
  const other = CALLS[name]
  if (list === undefined || method === undefined) return []
  return [
    ...(other === undefined ? [] : [to(`${quoted(source, node)}: ${other}`, method, other)]),
    ...(SHRINKING.test(name)
      ? [to(`${quoted(source, node)}: no ${name}`, node, source.slice(list.start, list.end))]
      : []),
  ]
}

/** Takes a field or an element away, with the comma after it. */
function dropped(source: string, where: string, kind: string, node: Node): Change {
  const comma = /^\s*,/.exec(source.slice(node.end))?.[0].length ?? 0
  const name = kind === 'field' && node.type === 'Property' ? keyOf(node) : quoted(source, node)
  return { where, what: `${kind} ${name}: dropped`, start: node.start, end: node.end + comma, text: '' }
}
