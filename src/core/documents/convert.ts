import { isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml'
import { desiredErrors } from '../errors/desired.ts'
import type { HonuaError } from '../errors/honua-error.ts'
import type { Json } from '../json.ts'
import type { OffsetProblem } from './compose.ts'
import type { ParseLimits } from './limits.ts'
import { isExact } from './numbers.ts'
import { shown } from './problems.ts'

/** Keys that could reach an object's prototype somewhere downstream. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])
/** What an escape in double quotes can make and no text may hold. */
const NUL_OR_LONE_SURROGATE = /\0|\p{Surrogate}/u

/** What an anchor stands for, and what it costs to repeat it. */
interface Anchored {
  readonly value: Json
  readonly nodes: number
  readonly height: number
}

/** Stops one document: going on would cost more than is allowed. */
class TooMuch extends Error {}

/**
 * Turns the composed documents of one file into plain data, in one pass, and collects what is wrong with them. Nodes are counted
 * over the whole file, an alias as all that it stands for.
 */
export class Converter {
  readonly problems: OffsetProblem[] = []
  readonly #limits: ParseLimits
  #nodes = 0
  #deepest = 0
  #anchors = new Map<string, Anchored>()

  constructor(limits: ParseLimits) {
    this.#limits = limits
  }

  /** The document as plain data; undefined when it has mistakes. Throws nothing. */
  convert(root: Node): Json | undefined {
    const problemsBefore = this.problems.length
    this.#anchors = new Map()
    this.#deepest = 0
    try {
      const value = this.#node(root, 0)
      return this.problems.length === problemsBefore ? value : undefined
    } catch (error) {
      if (error instanceof TooMuch) return undefined
      throw error
    }
  }

  #node(node: Node | null, depth: number): Json {
    if (node === null) return null
    if (isAlias(node)) return this.#alias(node.source, node, depth)
    const nodesBefore = this.#nodes
    this.#count(1, node)
    const anchor = node.anchor
    if (anchor === undefined) return this.#plain(node, depth)
    const deepestBefore = this.#deepest
    this.#deepest = depth
    // While it is being read, an anchor stands for nothing: it cannot hold itself.
    this.#anchors.delete(anchor)
    const value = this.#plain(node, depth)
    this.#anchors.set(anchor, { value, nodes: this.#nodes - nodesBefore, height: this.#deepest - depth })
    this.#deepest = Math.max(deepestBefore, this.#deepest)
    return value
  }

  #plain(node: Node, depth: number): Json {
    if (isScalar(node)) return this.#scalar(node)
    this.#enter(depth + 1, node)
    if (isMap(node)) return this.#map(node.items, node, depth + 1)
    if (isSeq(node)) return node.items.map((item) => this.#item(item, node, depth + 1))
    this.#report(node, desiredErrors.syntax({ reason: 'unexpected content' }))
    return null
  }

  #map(items: readonly Pair[], owner: Node, depth: number): Json {
    const object: { [key: string]: Json } = {}
    for (const { key, value } of items) {
      const name = this.#key(key, owner)
      if (name === undefined) this.#item(value, owner, depth)
      else {
        if (Object.hasOwn(object, name)) this.#report(key, desiredErrors.duplicateKey({ key: shown(name) }))
        object[name] = this.#item(value, owner, depth)
      }
    }
    return object
  }

  #key(key: unknown, owner: Node): string | undefined {
    if (!isScalar(key) || typeof key.value !== 'string') {
      this.#report(isNode(key) ? key : owner, desiredErrors.keyNotString())
      return undefined
    }
    const name = key.value
    const error = keyError(name)
    if (error === undefined) return name
    this.#report(key, error)
    return undefined
  }

  #item(value: unknown, owner: Node, depth: number): Json {
    if (value === null || value === undefined) return null
    if (isNode(value)) return this.#node(value, depth)
    this.#report(owner, desiredErrors.syntax({ reason: 'unexpected content' }))
    return null
  }

  #scalar(node: { readonly value: unknown; readonly source?: string; readonly type?: string } & Node): Json {
    const { value, source, type } = node
    switch (typeof value) {
      case 'string':
        if (type === 'QUOTE_DOUBLE') this.#checkEscapes(value, node)
        return value
      case 'number':
        if (!isExact(source ?? String(value), value)) this.#report(node, desiredErrors.number())
        return value === 0 ? 0 : value
      case 'boolean':
        return value
      default:
        if (value !== null) this.#report(node, desiredErrors.tag())
        return null
    }
  }

  #checkEscapes(value: string, node: Node): void {
    const bad = NUL_OR_LONE_SURROGATE.exec(value)
    if (bad !== null) this.#report(node, desiredErrors.character({ codePoint: value.charCodeAt(bad.index) }))
  }

  #alias(name: string, node: Node, depth: number): Json {
    const anchored = this.#anchors.get(name)
    if (anchored === undefined) {
      this.#report(node, desiredErrors.aliasUnknown())
      return null
    }
    this.#count(anchored.nodes, node)
    this.#enter(depth + anchored.height, node)
    return anchored.value
  }

  #count(nodes: number, at: Node): void {
    this.#nodes += nodes
    const { nodesMax } = this.#limits
    if (this.#nodes > nodesMax) this.#stop(at, desiredErrors.tooComplex({ what: `${nodesMax} values` }))
  }

  #enter(depth: number, at: Node): void {
    if (depth > this.#limits.depthMax) this.#stop(at, desiredErrors.tooDeep(this.#limits))
    if (depth > this.#deepest) this.#deepest = depth
  }

  #report(at: unknown, error: HonuaError): void {
    if (this.problems.length > this.#limits.problemsMax) throw new TooMuch()
    this.problems.push({ offset: (isNode(at) ? at.range?.[0] : undefined) ?? 0, error })
  }

  #stop(at: Node, error: HonuaError): never {
    this.#report(at, error)
    throw new TooMuch()
  }
}

function keyError(name: string): HonuaError | undefined {
  if (FORBIDDEN_KEYS.has(name)) return desiredErrors.keyForbidden({ key: shown(name) })
  if (name === '<<') return desiredErrors.mergeKey()
  const bad = NUL_OR_LONE_SURROGATE.exec(name)
  return bad === null ? undefined : desiredErrors.character({ codePoint: name.charCodeAt(bad.index) })
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value)
}
