import { desiredErrors } from '../errors/desired.ts'
import type { HonuaError } from '../errors/honua-error.ts'
import type { JsonObject } from '../json.ts'
import { checkSpec } from '../kinds/index.ts'
import { makeResource } from '../resource.ts'
import type { DeclaredResource, Problem } from '../vocabulary.ts'
import { withoutNulls } from './alone.ts'
import type { PlacedPart } from './file.ts'
import { mergePatch } from './merge.ts'
import { told } from './problems.ts'

/** A complete resource, or why it is none. */
export interface Whole {
  readonly resource: DeclaredResource | null
  readonly problems: readonly Problem[]
}

interface Remembered extends Whole {
  readonly base: PlacedPart | null
}

/** Same parts, same object: what did not change costs nothing, and others may compare by identity. Forgotten with the part. */
const remembered = new WeakMap<PlacedPart, Remembered>()

/** The resource that `part` declares upon `base`, the one of the same identity in common. */
export function wholeOf(part: PlacedPart, base: PlacedPart | null): Whole {
  const known = remembered.get(part)
  if (known !== undefined && known.base === base) return known
  const made = { ...make(part, base), base }
  remembered.set(part, made)
  return made
}

function make(placed: PlacedPart, base: PlacedPart | null): Whole {
  const { part, location, alone } = placed
  if (base !== null && base.part.apiVersion !== part.apiVersion) {
    const { key, apiVersion: own } = part
    const error = desiredErrors.formsDiffer({ key, own, common: base.part.apiVersion, first: told(base) })
    return { resource: null, problems: [problem(placed, null, ['apiVersion'], error)] }
  }
  const metadata = base === null ? part.metadata : mergePatch(base.part.metadata, part.metadata)
  const spec = mergedSpec(part.spec, base?.part.spec ?? null)
  const { key, apiVersion, kind, namespace, name } = part
  const known = base === null ? alone : null
  if (known !== null && 'digest' in known && spec !== null) {
    const { digest } = known
    const resource = { key, apiVersion, kind, namespace, name, metadata: withoutNulls(metadata), spec, digest }
    return { resource: { ...resource, location }, problems: [] }
  }
  if (spec === null) {
    const error = desiredErrors.form({ reason: 'spec is missing', hint: 'give a mapping' })
    return { resource: null, problems: [problem(placed, base, ['spec'], error)] }
  }
  const mistakes = known !== null && 'mistakes' in known ? known.mistakes : checkSpec(apiVersion, kind, spec)
  if (mistakes.length > 0) {
    const problems = mistakes.map(({ path, reason }) => {
      const field = ['spec', ...path].join('.')
      return problem(placed, base, ['spec', ...path], desiredErrors.invalid({ kind, field, reason }))
    })
    return { resource: null, problems }
  }
  const resource = makeResource({ apiVersion, kind, namespace, name, metadata: withoutNulls(metadata), spec })
  return { resource: { ...resource, location }, problems: [] }
}

function mergedSpec(over: JsonObject | null, base: JsonObject | null): JsonObject | null {
  if (base === null) return over
  return over === null ? base : mergePatch(base, over)
}

/** A problem at the field that causes it: where the environment's file has it, else where common has it. */
function problem(
  placed: PlacedPart,
  base: PlacedPart | null,
  path: readonly (string | number)[],
  error: HonuaError,
): Problem {
  const here = placed.file.locate(placed.index, path)
  const there = base?.file.locate(base.index, path)
  const isThere = base !== null && there !== undefined && there.found === path.length && here.found < path.length
  const { line, column } = isThere ? there : here
  return {
    code: error.code,
    message: `${error.message}; ${error.remedy}`,
    location: { path: isThere ? base.location.path : placed.location.path, line, column },
  }
}
