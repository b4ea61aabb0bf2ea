/** The kinds that are known by name: their JSON Schemas and the check of a spec. Other kinds pass unchecked. */
import { z } from 'zod'
import type { Json, JsonObject } from '../json.ts'
import { manifestSpecs } from './manifest.ts'
import { type SpecMistake, specMistakes } from './mistakes.ts'
import { seedSpecs } from './seed.ts'

export type { SpecMistake } from './mistakes.ts'

export const SEED_VERSION = 'honua.io/v1'
export const MANIFEST_VERSION = 'honua.io/v1alpha1'

/** Kinds with a schema, as they are written. */
export const knownKinds: readonly string[] = [...new Set([...Object.keys(manifestSpecs), ...Object.keys(seedSpecs)])]

const specsByVersion = new Map<string, ReadonlyMap<string, z.ZodType>>([
  [SEED_VERSION, new Map(Object.entries(seedSpecs))],
  [MANIFEST_VERSION, new Map(Object.entries(manifestSpecs))],
])

/** What is wrong with a spec of this kind and version; nothing for kinds that are not known. */
export function checkSpec(apiVersion: string, kind: string, spec: JsonObject): readonly SpecMistake[] {
  const schema = specsByVersion.get(apiVersion)?.get(kind)
  return schema === undefined ? [] : specMistakes(schema, spec)
}

/** JSON Schema (2020-12) of a whole resource of this kind, in both forms; undefined for a kind that is not known. */
export function kindJsonSchema(kind: string): JsonObject | undefined {
  const forms: Json[] = []
  for (const [apiVersion, specs] of specsByVersion) {
    const spec = specs.get(kind)
    if (spec !== undefined) forms.push(formSchema(apiVersion, kind, spec))
  }
  if (forms.length === 0) return undefined
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', title: kind, oneOf: forms }
}

const labels = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))

function formSchema(apiVersion: string, kind: string, spec: z.ZodType): Json {
  const form = z.looseObject({
    apiVersion: z.literal(apiVersion),
    kind: z.literal(kind),
    metadata: z.looseObject({
      name: z.string().describe('Identifies the resource together with kind and namespace.'),
      namespace: z.string().default('default'),
      labels: labels.optional(),
      annotations: labels.optional(),
    }),
    spec,
  })
  const { $schema: _, ...schema } = z.toJSONSchema(form, { io: 'input' })
  return JSON.parse(JSON.stringify(schema))
}
