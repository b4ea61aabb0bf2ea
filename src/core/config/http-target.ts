/** What a target of driver `http` is told. */
import { z } from 'zod'
import { checked, secretRef, text } from './fields.ts'

const pointer = (about: string) =>
  z
    .string()
    .regex(/^(\/.*)?$/, { error: 'expected a JSON Pointer such as /layers/layer' })
    .describe(about)
const place = (about: string) =>
  z
    .string()
    .regex(/^\/.+$/, { error: 'expected a JSON Pointer to a field, such as /name' })
    .describe(about)
const field = z.string().regex(/^[A-Za-z0-9_.-]+$/, { error: 'expected the name of a query parameter' })

/** What `{…}` in a path may stand for. */
const PLACEHOLDERS = new Set(['name', 'namespace', 'kind', 'environment'])

/** Why a text is no path below the target's address; undefined when it is one. */
function pathFault(path: string): string | undefined {
  if (!path.startsWith('/') || /[\s\\#]/.test(path)) return 'expected a path such as /workspaces/{name}.json'
  const unknown = [...path.matchAll(/\{([^}]*)\}/g)].find(([, name = '']) => !PLACEHOLDERS.has(name))
  return unknown === undefined ? undefined : `expected {${[...PLACEHOLDERS].join('}, {')}} only`
}

const path = (about: string) =>
  checked(pathFault, `${about} \`{name}\`, \`{namespace}\` and \`{environment}\` are filled in.`)

const pageSize = z
  .strictObject({
    parameter: field.describe('Query parameter that says how many.'),
    items: z.int().min(1).max(100_000).describe('Items asked for.'),
  })
  .exactOptional()
  .describe('How many items a page is asked to have.')
const parameter = field.describe('Query parameter that says which page.')

const paging = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('page').describe('Pages are counted, until one is empty.'),
    parameter,
    first: z.int().min(0).max(1).default(1).describe('Number of the first page.'),
    size: pageSize,
  }),
  z.strictObject({
    by: z.literal('offset').describe('The items already had are counted, until a page is empty.'),
    parameter,
    size: pageSize,
  }),
  z.strictObject({
    by: z.literal('cursor').describe('Each answer holds what asks for the next.'),
    parameter,
    next: place('Where the answer holds it.'),
  }),
  z.strictObject({ by: z.literal('link').describe('The header Link names the next page (RFC 8288).') }),
])

const write = (
  methods: readonly ['POST' | 'PUT' | 'PATCH' | 'DELETE', ...('POST' | 'PUT' | 'PATCH')[]],
  about: string,
) =>
  z
    .strictObject({
      method: z.enum(methods).default(methods[0]).describe('Method of the request.'),
      path: path('Path of the request.'),
      body: z
        .json()
        .exactOptional()
        .describe('What is sent; the text `{item}` stands for the item. Default: the item at `item`.'),
    })
    .describe(about)

const kind = z.strictObject({
  kind: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9]*$/, { error: 'expected a kind such as Style' })
    .describe('Kind of resource.'),
  apiVersion: text('What an observed resource is said to be.').default('honua.io/v1'),
  list: z
    .strictObject({
      path: path('Path of the list; with `{namespace}` it is asked for each of `namespaces`.'),
      items: pointer('Where the list stands in the answer.'),
      empty: z
        .union([z.string(), z.boolean(), z.null()])
        .exactOptional()
        .describe('What stands there or on the way when nothing is listed.'),
      name: place('Where a listed item has its name.'),
      namespace: place('Where a listed item has its namespace.').exactOptional(),
      paging: paging.exactOptional().describe('How a list goes on; absent: one answer holds it all.'),
    })
    .describe('The request that lists what there is.'),
  read: z
    .strictObject({ path: path('Path of one item.') })
    .exactOptional()
    .describe('The request that reads one item; absent: the list holds the items whole.'),
  create: write(['POST', 'PUT', 'PATCH'], 'The request that makes one.'),
  update: write(['PUT', 'POST', 'PATCH'], 'The request that replaces one.'),
  delete: write(['DELETE', 'POST', 'PUT'], 'The request that removes one.').exactOptional(),
  item: pointer('Where the item stands in what is read and written; empty: it is the whole.').default(''),
  name: place('Where the item itself has its name; absent: it is in the path alone.').exactOptional(),
  namespace: place('Where the item itself has its namespace.').exactOptional(),
  ignore: z.array(place('A field.')).default([]).describe('Fields that the API writes by itself.'),
  remember: place(
    'A text field of the item where labels, annotations and the places of secrets are kept.',
  ).exactOptional(),
  writeOnly: z
    .array(place('A field.'))
    .default([])
    .describe('Fields that the API does not give back as they were; each declared one must hold `${NAME}`.'),
  etag: z.boolean().default(false).describe('Reads answer with an ETag and writes refuse when it is another.'),
  fixed: z
    .array(
      z.strictObject({
        pointer: place('The field, below the spec.'),
        change: z.enum(['recreate', 'refuse']).describe('Delete and create anew, or refuse the plan.'),
        why: text('For people, after the name of the target: `keeps the type of a store for ever`.'),
      }),
    )
    .default([])
    .describe('What an update cannot change.'),
})

/** How the API is told who calls. */
export const httpCredentials = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('bearer').describe('secretRef is sent as a bearer token.'), secretRef }),
  z.strictObject({
    type: z.literal('basic').describe('secretRef is the password.'),
    username: z
      .string()
      .min(1)
      .regex(/^[^:]*$/, { error: 'expected a user name without ":"' })
      .describe('User name.'),
    secretRef,
  }),
  z.strictObject({
    type: z.literal('api-key').describe('secretRef is sent in a header.'),
    header: z
      .string()
      .regex(/^[A-Za-z0-9-]+$/, { error: 'expected the name of a header' })
      .default('X-Api-Key')
      .describe('Name of the header.'),
    secretRef,
  }),
  z.strictObject({ type: z.literal('none').describe('Nothing is sent.') }),
])

/** Whom to trust and as whom to call. */
export const tls = z.strictObject({
  ca: text('File (PEM) of certificates to trust instead of the machine’s own.').exactOptional(),
  client: z
    .strictObject({
      certificate: text('File (PEM) with the client certificate and its chain.'),
      secretRef,
    })
    .exactOptional()
    .describe('The certificate to call with; secretRef is its key.'),
})

/** The kinds of resource, each once. */
export const httpKinds = z.array(kind).superRefine((kinds, context) => {
  for (const [index, { kind: name }] of kinds.entries())
    if (kinds.findIndex((other) => other.kind === name) !== index)
      context.addIssue({ code: 'custom', message: `${name} has templates already`, path: [index, 'kind'] })
})

export const httpHealth = z.strictObject({
  path: path('Path that answers 2xx when the API is well.'),
  field: place('A field of the answer that must be `equals`.').exactOptional(),
  equals: z.union([z.string(), z.number(), z.boolean()]).exactOptional().describe('What it must be.'),
})
