/** What targets are told of the steps of a topology: where checks look, and which requests do a step. */
import { z } from 'zod'
import { didYouMean } from '../suggest.ts'
import { DRAINS, stepLibrary } from '../topology/library.ts'
import { addressFault } from './checks.ts'
import { CALL, checked, duration, text } from './fields.ts'

const certificate = z
  .string()
  .regex(/^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/, { error: 'expected a host such as gis.example.org:443' })

/** Where checking steps look. */
export const checks = z.strictObject({
  url: checked(
    addressFault,
    'Where what is served is seen by people; absent: the target’s own url. `{environment}` is filled in.',
  ).exactOptional(),
  signIn: z.boolean().default(false).describe('Send the target’s credentials along.'),
  certificates: z.array(certificate).default([]).describe('More hosts whose certificates `verify-ssl` looks at.'),
})

/** What `{…}` may be in the requests of a step; `{answer.…}` and `{inputs.…}` go on with names of fields. */
const PLACEHOLDER = /^(environment|key|kind|namespace|name|service|changed|inputs|(inputs|answer)(\.[A-Za-z0-9_-]+)+)$/
/** Lists and objects cannot stand in a path. */
const WHOLE = new Set(['changed', 'inputs'])

function pathFault(path: string): string | undefined {
  if (!path.startsWith('/') || path.startsWith('//') || /[\s\\#]/.test(path))
    return 'expected a path such as /caches/{name}'
  const wrong = [...path.matchAll(/\{([^}]*)\}/g)].find(([, name = '']) => !PLACEHOLDER.test(name) || WHOLE.has(name))
  return wrong === undefined ? undefined : `{${wrong[1]}} cannot stand in a path; see docs/drivers.md`
}

const path = (about: string) => checked(pathFault, about)
const pointer = z
  .string()
  .regex(/^(\/.*)?$/, { error: 'expected a JSON Pointer such as /status' })
  .describe('Where in the answer to look.')
const value = z.json()
const statuses = z.array(z.int().min(100).max(599)).min(1)

const expect = z
  .strictObject({
    status: statuses.exactOptional().describe('Status of the answer; absent: 2xx.'),
    pointer: pointer.exactOptional(),
    equals: value.exactOptional().describe('What must stand there.'),
  })
  .describe('What the answer must be.')

const look = z.strictObject({
  path: path('Path of the question.'),
  pointer: pointer.exactOptional(),
  done: z.array(value).min(1).exactOptional().describe('What stands there when it is done; absent: 2xx is enough.'),
  failed: z.array(value).min(1).exactOptional().describe('What stands there when it has failed.'),
  interval: duration('Pause between two questions.', CALL).prefault('2s'),
  within: duration('So long it is asked.', CALL).prefault('5m'),
})

const stepRequest = z
  .strictObject({
    method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).default('POST').describe('Method of the request.'),
    path: path('Path of the request, below `url`; what is filled in is percent-encoded.'),
    each: z
      .array(text('Kind of resource.'))
      .min(1)
      .exactOptional()
      .describe('Sent once for each changed resource of these kinds; absent: once.'),
    body: z.json().exactOptional().describe('What is sent as JSON; a text that is one `{…}` becomes the value itself.'),
    xml: z.string().exactOptional().describe('What is sent instead as XML; what is filled in is escaped.'),
    expect: expect.exactOptional(),
    poll: look.exactOptional().describe('What is asked after the answer, until it is done.'),
  })
  .refine(({ body, xml }) => body === undefined || xml === undefined, {
    path: ['xml'],
    error: 'give body or xml, not both',
  })

const action = z.strictObject({
  requests: z.array(stepRequest).min(1).max(20).describe('Sent one after the other.'),
  look: look
    .exactOptional()
    .describe('Tells whether the step is done already: asked first, and when an answer does not come.'),
  keyHeader: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/, { error: 'expected the name of a header' })
    .default('Idempotency-Key')
    .describe('Header that holds a key, the same for the same work.'),
})

/** Steps that a driver does; the others are done by looking and writing, which every driver can. */
const DONE_BY_DRIVERS = [...stepLibrary.flatMap(({ name, means }) => (means === 'act' ? [name] : [])), ...DRAINS]

function stepFault(name: string): string | undefined {
  if (DONE_BY_DRIVERS.includes(name)) return undefined
  return `expected a step that drivers do${didYouMean(name, DONE_BY_DRIVERS)}`
}

/** The steps of a topology that an API does, by name. */
export const httpActions = z.record(checked(stepFault, 'Name of the step.'), action)
