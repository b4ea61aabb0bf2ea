/** What a topology may give a checking step (`with`), each word with its meaning; docs/drivers.md lists them, and a test compares. */
import { z } from 'zod'
import { DURATION_PATTERN, parseDuration } from '../duration.ts'
import type { JsonObject } from '../json.ts'
import { didYouMean } from '../suggest.ts'
import { parseExpectation } from './expectation.ts'

/** What stands for the core of OGC API – Features in a list of conformance classes. */
const CORE = 'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core'
/** More would take longer than any step may, and fill the record. */
const LISTED_MAX = 50

const duration = (fallback: string) =>
  z
    .string()
    .regex(DURATION_PATTERN, 'must be a duration such as 30s')
    .default(fallback)
    .transform((text) => parseDuration(text) ?? 0)
    .refine((ms) => ms <= 3_600_000, 'must be at most 1h')
const number = (least: number, most: number, fallback: number) => z.int().min(least).max(most).default(fallback)
const expectation = z.string().transform((text, context) => {
  const found = parseExpectation(text)
  if (found === null) context.addIssue({ code: 'custom', message: 'must be an expectation such as "> 0"' })
  return found ?? z.NEVER
})
const pointer = z.string().regex(/^(\/.*)?$/, 'must be a JSON Pointer such as /status')

/** Below the address of the configuration; that it stays there is seen when the address is made. */
const path = z
  .string()
  .max(2_000)
  .refine((text) => text.startsWith('/') && !/[\s\\#\p{Cc}]/u.test(text), 'must be a path such as /collections')
const paths = z.array(path).max(LISTED_MAX)

/** How often something is tried before it is judged. */
const repeats = (count: number, interval: string, failureLimit: number) => ({
  count: number(1, 10_000, count).describe('how often each request is sent'),
  interval: duration(interval).describe('pause between two of them'),
  failureLimit: number(0, 10_000, failureLimit).describe('so many of them may fail'),
  timeout: duration('15s').describe('for one answer'),
})

const changedLayers = {
  collection: z
    .string()
    .min(1)
    .default('{service}::{name}')
    .describe('id of a layer’s collection; `{service}`, `{namespace}` and `{name}` are filled in'),
  kinds: z.array(z.string().min(1)).default(['Layer']).describe('kinds of changed resources that are collections'),
  most: number(0, LISTED_MAX, 20).describe('so many changed ones are looked at'),
}
const landing = path.default('/').describe('the landing page')
const pages = (about: string) => paths.default([]).describe(about)

const request = z.strictObject({
  path,
  status: z.int().min(100).max(599).exactOptional(),
  pointer: pointer.exactOptional(),
  equals: z.union([z.string(), z.number(), z.boolean(), z.null()]).exactOptional(),
  expected: expectation.exactOptional(),
})

/** The checking steps, and the words that each takes. */
export const checkInputs = {
  'ogc-conformance-test': z.strictObject({
    path: landing,
    conformance: z.array(z.string().min(1)).default([CORE]).describe('classes that must be conformed to'),
    ...changedLayers,
    collections: z.array(z.string().min(1)).max(LISTED_MAX).default([]).describe('ids of others to look at'),
    expected: expectation.prefault('> 0').describe('number of items in each'),
    tolerance: z
      .number()
      .min(0)
      .max(10)
      .default(0.000_001)
      .describe('so far may a geometry leave the bbox, in its unit'),
    ...repeats(1, '2s', 0),
  }),
  'smoke-tests': z.strictObject({
    requests: z
      .array(request)
      .min(1)
      .max(LISTED_MAX)
      .prefault([{ path: '/' }])
      .describe(
        'each with `path`, and what must be: `status` (else 2xx), at `pointer` a value that `equals` or a number as `expected`',
      ),
    ...changedLayers,
    ...repeats(1, '2s', 0),
  }),
  'performance-benchmark': z.strictObject({
    paths: paths
      .default([])
      .describe('what is asked for; none: the items of the changed collections, or the landing page'),
    ...changedLayers,
    percentile: number(1, 100, 95).describe('this share of the answers'),
    limit: duration('2s').describe('must come within'),
    ...repeats(20, '100ms', 0),
  }),
  'monitor-errors': z.strictObject({
    paths: pages('what is asked for; none: the landing page'),
    ...changedLayers,
    ...repeats(30, '10s', 3),
  }),
  'warmup-cache': z.strictObject({
    paths: pages('what is asked for; none: the items of the changed collections'),
    ...changedLayers,
    ...repeats(1, '2s', 0),
  }),
  'warm-metadata-cache': z.strictObject({
    path: landing,
    ...changedLayers,
    ...repeats(1, '2s', 0),
  }),
  'verify-ssl': z.strictObject({
    days: number(0, 3_650, 14).describe('a certificate must be good for so many more'),
    ...repeats(1, '2s', 0),
  }),
} as const

export type CheckStep = keyof typeof checkInputs
export type InputsOf<Step extends CheckStep> = z.output<(typeof checkInputs)[Step]>

export const checkSteps = [
  'ogc-conformance-test',
  'smoke-tests',
  'performance-benchmark',
  'monitor-errors',
  'warmup-cache',
  'warm-metadata-cache',
  'verify-ssl',
] as const satisfies readonly CheckStep[]

/** What is wrong with the inputs of a checking step, in a sentence; null when nothing is. */
export function inputsFault(step: CheckStep, inputs: JsonObject): string | null {
  const { success, error } = checkInputs[step].safeParse(inputs)
  const [issue] = success ? [] : error.issues
  if (issue === undefined) return null
  const where = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys
    const known = where === '' ? Object.keys(checkInputs[step].shape) : []
    return `with.${[...issue.path.map(String), key].join('.')} is not known${didYouMean(key, known)}`
  }
  return `with.${where} ${issue.message.startsWith('must') ? issue.message : `is not right: ${issue.message}`}`
}
