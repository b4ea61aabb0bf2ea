import { z } from 'zod'
import { addressFault, pageFault } from './checks.ts'
import { command, commandEnv, commandKinds, commandSecrets, commandSettings } from './command-target.ts'
import { CALL, checked, duration, environmentName, secretRef, text } from './fields.ts'
import { httpCredentials, httpHealth, httpKinds, tls } from './http-target.ts'
import { postgresFaults, postgresFields } from './postgres-target.ts'
import { checks, httpActions } from './steps-target.ts'

const targetName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, { error: 'expected a name: lower-case letters, digits and "-"' })
  .describe('Name of the target, unlike any other.')
const forEnvironments = z
  .array(environmentName)
  .min(1)
  .optional()
  .describe('Only for these environments; absent: for all.')
const health = z
  .strictObject({
    url: checked(pageFault, 'Answers 2xx when what is served is well; `{environment}` is filled in.'),
    timeout: duration('For one request.', CALL).prefault('5s'),
  })
  .transform(({ url, timeout }) => ({ url, timeoutMs: timeout }))
const targetCredentials = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('api-key').describe('secretRef is sent as an API key.'), secretRef }),
  z.strictObject({ type: z.literal('bearer').describe('secretRef is sent as a bearer token.'), secretRef }),
  z.strictObject({ type: z.literal('none').describe('Nothing is sent.') }),
])

/** One thing that environments are deployed to. */
export const target = z.discriminatedUnion('driver', [
  z.strictObject({
    name: targetName,
    driver: z.literal('directory').describe('A folder whose `current` points at the files of one release.'),
    environments: forEnvironments,
    path: text("Folder; `{environment}` stands for the environment's name."),
    keep: z.int().min(1).max(1000).default(5).describe('Releases kept on the disk, the current one included.'),
    health: health.optional().describe('Asked after each deployment.'),
  }),
  z.strictObject({
    name: targetName,
    driver: z.literal('honua').describe('A Honua server, by its admin API.'),
    environments: forEnvironments,
    url: checked(addressFault, "The server's address; `{environment}` stands for the environment's name."),
    credentials: targetCredentials.prefault({ type: 'none' }).describe('How the controller signs in.'),
    generation: z
      .enum(['A', 'B', 'C'])
      .exactOptional()
      .describe(
        'Generation of the server, where probing misleads; absent: it is probed. A: REST (2025), B: manifests, C: 2026.1.',
      ),
    namespaces: z
      .array(text('Namespace.'))
      .min(1)
      .optional()
      .describe('Only these namespaces are looked at and written; `{environment}` is filled in.'),
    timeout: duration('For one request.', CALL).prefault('30s'),
    maxInFlight: z.int().min(1).max(100).default(8).describe('Requests in flight at once.'),
    checks: checks
      .exactOptional()
      .describe('Where the checking steps of a topology look; absent: `honua` looks at `url`, `http` does none.'),
  }),
  z.strictObject({
    name: targetName,
    driver: z.literal('http').describe('Any JSON admin API, by templates of its requests.'),
    environments: forEnvironments,
    url: checked(addressFault, "The API's address; `{environment}` stands for the environment's name."),
    credentials: httpCredentials.prefault({ type: 'none' }).describe('How the controller signs in.'),
    tls: tls.exactOptional().describe('Trust and client certificate, where the machine’s own are not enough.'),
    kinds: httpKinds.default([]).describe('What the API holds, and by which requests; none: it only does steps.'),
    actions: httpActions.default({}).describe('Steps of a topology that the API does, and by which requests.'),
    checks: checks
      .exactOptional()
      .describe('Where the checking steps of a topology look; absent: `honua` looks at `url`, `http` does none.'),
    namespaces: z
      .array(text('Namespace.'))
      .min(1)
      .exactOptional()
      .describe('What `{namespace}` in the path of a list stands for; `{environment}` is filled in.'),
    health: httpHealth.exactOptional().describe('Asked after each deployment; absent: the first list must answer.'),
    timeout: duration('For one request.', CALL).prefault('30s'),
    maxInFlight: z.int().min(1).max(100).default(8).describe('Requests in flight at once.'),
    requestsPerSecond: z.int().min(1).max(10_000).exactOptional().describe('Requests started in a second at most.'),
  }),
  z.strictObject({
    name: targetName,
    driver: z.literal('command').describe('A program of your own, over a documented protocol.'),
    environments: forEnvironments,
    command,
    settings: commandSettings,
    env: commandEnv,
    secrets: commandSecrets,
    kinds: commandKinds,
    timeout: duration('For one call; then the program and all it started is killed.', CALL).prefault('5m'),
  }),
  z
    .strictObject({
      name: targetName,
      driver: z.literal('postgres').describe('A PostgreSQL database: migrations, backups, checks.'),
      environments: forEnvironments,
      ...postgresFields,
    })
    .superRefine((target, context) => {
      for (const { path, message } of postgresFaults(target))
        context.addIssue({ code: 'custom', message, path: [path] })
    }),
])
