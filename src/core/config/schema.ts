/** The configuration, once: types, validation, JSON Schema and reference page come from here. */
import { z } from 'zod'
import { DURATION_PATTERN, parseDuration } from '../duration.ts'
import { isTimeZone } from '../gates/index.ts'
import { checkBranch, checkGitUrl } from '../git-names.ts'

const ENVIRONMENT_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const HOURS = /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$/
/** A Unix socket path longer than this is cut silently by Node 20 (measured); 108 bytes with the final zero. */
const SOCKET_PATH_MAX = 107

const duration = (about: string) =>
  z
    .string({ error: ({ input }) => `expected a duration such as 30s, got ${String(input)} (${typeof input})` })
    .regex(DURATION_PATTERN, {
      error: ({ input }) => `expected a duration such as 30s, 5m or 1h, got "${String(input)}"`,
    })
    .transform((text) => parseDuration(text) ?? 0)
    .describe(about)

const text = (about: string) => z.string().min(1).describe(about)
const secretRef = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, { error: 'expected the name of a secret: letters, digits, "-" and "_"' })
  .describe(
    'Name of a secret: a file in secretsDir, else the environment variable of that name in capitals, "-" as "_".',
  )

const gitCredentials = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('ssh-key'), secretRef }),
  z.strictObject({ type: z.literal('token'), secretRef, username: text('User name sent with the token.').optional() }),
])

const git = z.strictObject({
  url: z
    .string()
    .superRefine((url, context) => complain(checkGitUrl, url, context))
    .describe('Repository: https://…, ssh://…, user@host:path, or file:///… for a local one.'),
  branch: z
    .string()
    .superRefine((branch, context) => complain(checkBranch, branch, context))
    .default('main')
    .describe('Branch that is followed.'),
  credentials: gitCredentials.prefault({ type: 'none' }).describe('How the controller signs in.'),
  poll: z
    .strictObject({
      enabled: z.boolean().default(true).describe('Ask the remote regularly.'),
      interval: duration('Pause between polls, ±10 %.').prefault('30s'),
    })
    .prefault({}),
  webhook: z
    .strictObject({
      enabled: z.boolean().default(false).describe('Not active yet.'),
      port: z.int().min(1).max(65_535).default(9000),
      path: z.string().startsWith('/').default('/api/gitops/webhook/github'),
      secret: z.string().optional(),
    })
    .prefault({}),
  historyRewrite: z
    .enum(['accept', 'hold'])
    .default('hold')
    .describe('What to do when the branch no longer follows what was deployed.'),
  timeout: duration('How long one call to the remote may take.').prefault('60s'),
})

const reconciliation = z.strictObject({
  interval: duration('How often live is compared with desired even if Git does not change.').prefault('5m'),
  retry: z
    .strictObject({
      enabled: z.boolean().default(true),
      maxAttempts: z.int().min(1).max(100).default(3),
      backoff: z.enum(['exponential', 'constant']).default('exponential'),
      initialDelay: duration('Pause after the first failure.').prefault('1m'),
      maxDelay: duration('The longest pause.').prefault('30m'),
    })
    .prefault({}),
})

const timeWindow = z.strictObject({
  type: z.literal('time-window'),
  days: z.array(z.enum(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'])).min(1),
  hours: z
    .string()
    .regex(HOURS, { error: 'expected hours such as "09:00-17:00"' })
    .describe('From-to; may cross midnight.'),
  timeZone: z
    .string()
    .refine(isTimeZone, {
      error: ({ input }) => `"${String(input)}" is no IANA time zone; write one such as Europe/Vienna`,
    })
    .default('UTC')
    .describe('IANA zone whose wall clock counts.'),
})

const environment = z.strictObject({
  autoSync: z.boolean().default(false).describe('Deploy without asking.'),
  prune: z.boolean().default(false).describe('Delete what is ours and no longer in Git.'),
  conditions: z.array(timeWindow).default([]).describe('When automatic deployment may start; none: always.'),
  outsideWindow: z
    .enum(['approval', 'wait'])
    .default('approval')
    .describe('Outside the windows: ask for approval, or wait.'),
  approvalTtl: duration('How long a request for approval stands.').prefault('24h'),
  maxDeletePercent: z
    .int()
    .min(0)
    .max(100)
    .default(50)
    .describe('A plan that deletes more of what is ours asks for approval.'),
  ignore: z
    .array(z.strictObject({ kind: z.string().default('*'), path: z.string().startsWith('/') }))
    .default([])
    .describe('Differences left out, by kind and JSON Pointer; "*" stands for one segment.'),
  verifyTimeout: duration('How long targets may take to become healthy after a deployment.').prefault('2m'),
})

const environments = z.record(
  z
    .string()
    .regex(ENVIRONMENT_NAME, { error: 'expected an environment name: lower-case letters, digits and "-", at most 63' }),
  environment,
)

const targetName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, { error: 'expected a name: lower-case letters, digits and "-"' })
const forEnvironments = z.array(z.string()).min(1).optional().describe('Only for these environments; absent: for all.')
const health = z
  .strictObject({
    url: z.url().describe('Answers 2xx when what is served is well.'),
    timeout: duration('For one request.').prefault('5s'),
  })
  .transform(({ url, timeout }) => ({ url, timeoutMs: timeout }))
const targetCredentials = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('api-key'), secretRef }),
  z.strictObject({ type: z.literal('bearer'), secretRef }),
  z.strictObject({ type: z.literal('none') }),
])

const target = z.discriminatedUnion('driver', [
  z.strictObject({
    name: targetName,
    driver: z.literal('directory'),
    environments: forEnvironments,
    path: text('Folder; "{environment}" stands for the environment\'s name.'),
    keep: z.int().min(1).max(1000).default(5).describe('Releases kept.'),
    health: health.optional(),
  }),
  z.strictObject({
    name: targetName,
    driver: z.literal('honua'),
    environments: forEnvironments,
    url: text('The server\'s address; "{environment}" stands for the environment\'s name.'),
    credentials: targetCredentials.prefault({ type: 'none' }),
    namespaces: z.array(z.string()).min(1).optional().describe('Only these namespaces are looked at and written.'),
    timeout: duration('For one request.').prefault('30s'),
    maxInFlight: z.int().min(1).max(100).default(8),
  }),
])

const slack = z.strictObject({
  enabled: z.boolean().default(false).describe('Not active yet.'),
  webhook: z.string().optional(),
  channel: z.string().optional(),
  events: z.array(z.string()).default([]),
})

export const configSchema = z.strictObject({
  apiVersion: z.literal('honua.io/v1'),
  kind: z.literal('GitOpsController'),
  metadata: z.strictObject({ name: text('Name of this controller.'), environment: z.string().optional() }),
  spec: z.strictObject({
    git,
    reconciliation: reconciliation.prefault({}),
    sync: environments.optional().describe('How each environment is run.'),
    environments: environments.optional().describe('Another word for sync.'),
    notifications: z.strictObject({ slack: slack.optional() }).prefault({}),
    health: z
      .strictObject({
        checks: z
          .array(
            z.strictObject({
              type: z.enum(['git-connectivity', 'deployment-state']),
              interval: duration('Not active yet.'),
            }),
          )
          .default([]),
      })
      .prefault({}),
    dataDir: text('Where the controller keeps its state.').default('./data'),
    socket: z
      .string()
      .refine((path) => Buffer.byteLength(path) <= SOCKET_PATH_MAX, {
        error: `expected a path of at most ${SOCKET_PATH_MAX} bytes`,
      })
      .optional()
      .describe('Unix socket of the API; default <dataDir>/honua.sock.'),
    secretsDir: text('Folder of secret files; default $CREDENTIALS_DIRECTORY, else /run/secrets.').optional(),
    limits: z
      .strictObject({
        maxFileSize: z
          .int()
          .min(1024)
          .max(64 * 1024 * 1024)
          .default(1024 * 1024)
          .describe('Largest file read from the repository, in bytes.'),
      })
      .prefault({}),
    targets: z.array(target).default([]).describe('What environments are deployed to.'),
  }),
})

/** The configuration with every default filled in and durations in ms. */
export type ControllerConfig = z.infer<typeof configSchema>
export type TargetSettings = ControllerConfig['spec']['targets'][number]

function complain(
  check: (text: string) => { readonly ok: true } | { readonly ok: false; readonly reason: string },
  value: string,
  context: z.RefinementCtx,
): void {
  const checked = check(value)
  if (!checked.ok) context.addIssue({ code: 'custom', message: checked.reason })
}
