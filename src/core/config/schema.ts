/** The configuration, once: types, validation, JSON Schema and reference page come from here. */
import { z } from 'zod'
import { formatDuration } from '../duration.ts'
import { checkBranch, checkGitUrl } from '../git-names.ts'
import { hostNameFault, socketFault, timeZoneFault } from './checks.ts'
import {
  CALL,
  checked,
  DAYS,
  duration,
  environmentName,
  KEPT,
  LOOKS,
  POLL,
  SOON,
  secretRef,
  text,
  yesNo,
} from './fields.ts'
import { HOURS_PATTERN } from './hours.ts'
import { target } from './target-schema.ts'

/** The longest pause between attempts where the configuration names none. */
export const MAX_DELAY_MS = 30 * 60_000

/** The first pause between attempts where the configuration names none. */
export const INITIAL_DELAY = '1m'

const gitCredentials = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none').describe('The repository is open to all, or local.') }),
  z.strictObject({
    type: z.literal('ssh-key').describe('secretRef is a folder with ssh-privatekey and known_hosts; for ssh URLs.'),
    secretRef,
  }),
  z.strictObject({
    type: z.literal('token').describe('secretRef is a file with an access token; for https URLs.'),
    secretRef,
    username: text('User name sent with the token; default x-access-token.').optional(),
  }),
])

const git = z
  .strictObject({
    url: checked(refusal(checkGitUrl), 'Repository: https://…, ssh://…, user@host:path, or file:///… for a local one.'),
    branch: checked(refusal(checkBranch), 'Branch that is followed.').default('main'),
    credentials: gitCredentials.prefault({ type: 'none' }).describe('How the controller signs in.'),
    poll: z
      .strictObject({
        enabled: yesNo(true, 'Ask the remote regularly.'),
        interval: duration('Pause between polls, ±10 %; doubled while the remote fails.', POLL).prefault('30s'),
      })
      .prefault({})
      .describe('Polling needs outbound connections only.'),
    webhook: z
      .strictObject({
        enabled: yesNo(false, 'Not active yet.'),
        port: z.int().min(1).max(65_535).default(9000).describe('TCP port; not active yet.'),
        path: z
          .string()
          .startsWith('/', { error: 'expected a path that starts with "/"' })
          .default('/api/gitops/webhook/github')
          .describe('Path of the URL; not active yet.'),
        secret: text('Shared with the sender, at least 16 bytes, usually `${NAME}`; needed when enabled.').optional(),
      })
      .prefault({})
      .describe('Not active yet.'),
    historyRewrite: z
      .enum(['accept', 'hold'])
      .default('hold')
      .describe('When the branch no longer follows what was deployed: hold waits for a person, accept follows it.'),
    timeout: duration('How long one call to the remote may take.', CALL).prefault('60s'),
  })
  .describe('Where the desired state comes from.')

const reconciliation = z
  .strictObject({
    interval: duration('How often live is compared with desired even if Git does not change.', LOOKS).prefault('5m'),
    retry: z
      .strictObject({
        enabled: yesNo(true, 'Try a failed deployment again by itself.'),
        maxAttempts: z.int().min(1).max(100).default(3).describe('Attempts of one release, the first one included.'),
        backoff: z
          .enum(['exponential', 'constant'])
          .default('exponential')
          .describe('Whether each pause is twice the one before.'),
        initialDelay: duration('Pause after the first failure.', DAYS).prefault(INITIAL_DELAY),
        maxDelay: duration(
          `The longest pause; default ${formatDuration(MAX_DELAY_MS)}, or initialDelay where that is longer.`,
          DAYS,
        ).optional(),
      })
      .prefault({})
      .describe('What follows a failed deployment.'),
    heal: z
      .strictObject({
        initialDelay: duration(
          'Pause before drift is healed a second time; each further pause is twice as long.',
          DAYS,
        ).prefault('30s'),
        maxDelay: duration('The longest pause.', DAYS).prefault('1h'),
      })
      .prefault({})
      .describe('How drift that comes back is healed; a pause without drift ends the series.'),
  })
  .describe('How environments are kept as declared.')

const timeWindow = z.strictObject({
  type: z.literal('time-window').describe('The only kind of condition.'),
  days: z
    .array(z.enum(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']))
    .min(1)
    .describe('Days on which the window opens.'),
  hours: z
    .string()
    .regex(HOURS_PATTERN, { error: 'expected hours such as "09:00-17:00"' })
    .describe('From-to; `22:00-02:00` crosses midnight, equal ends are the whole day.'),
  timeZone: checked(timeZoneFault, 'IANA zone whose wall clock counts.').default('UTC'),
})

const environment = z.strictObject({
  autoSync: yesNo(false, 'Deploy without asking.'),
  prune: yesNo(false, 'Delete what is ours and no longer in Git.'),
  conditions: z.array(timeWindow).default([]).describe('When automatic deployment may start; none: always.'),
  outsideWindow: z
    .enum(['approval', 'wait'])
    .default('approval')
    .describe('Outside the windows: ask for approval, or wait for the next one.'),
  approvalTtl: duration('How long a request for approval stands.', DAYS).prefault('24h'),
  drift: z
    .enum(['heal', 'warn', 'ignore'])
    .default('heal')
    .describe(
      'What is done when live is no longer what was deployed. heal: it is put back, by approval where autoSync is off; warn: it is told and left until a sync; ignore: nobody looks for it between commits.',
    ),
  maxDeletePercent: z
    .int()
    .min(0)
    .max(100)
    .default(50)
    .describe('A plan that deletes more of what is ours asks for approval.'),
  ignore: z
    .array(
      z.strictObject({
        kind: text('Kind of resource; `*` stands for every kind.').default('*'),
        path: z
          .string()
          .startsWith('/', { error: 'expected a JSON Pointer such as /spec/statistics' })
          .describe('JSON Pointer; `*` stands for one segment.'),
      }),
    )
    .default([])
    .describe('Differences left out.'),
  verifyTimeout: duration('How long targets may take to become healthy after a deployment.', SOON).prefault('2m'),
})

const environments = z.record(environmentName, environment)

const slack = z.strictObject({
  enabled: yesNo(false, 'Not active yet.'),
  webhook: text('Address to post to, usually `${NAME}`; not active yet.').optional(),
  channel: text('Not active yet.').optional(),
  events: z.array(text('Name of an event.')).default([]).describe('What is told; not active yet.'),
})

const healthChecks = z.array(
  z.strictObject({
    type: z.enum(['git-connectivity', 'deployment-state']).describe('What is checked; not active yet.'),
    interval: duration('How often; not active yet.', LOOKS),
  }),
)

const web = z.strictObject({
  enabled: yesNo(false, 'Open the dashboard, and the API for programs of other computers.'),
  host: text(
    'Address that is listened at. Other than 127.0.0.1, ::1 and localhost only with tokens (secret operator-tokens), and behind a proxy that speaks TLS.',
  ).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8420).describe('TCP port; 0 is any free one.'),
  names: z
    .array(checked(hostNameFault, 'A host name.'))
    .default([])
    .describe(
      'Other host names that the dashboard is reached by, such as that of a proxy; requests for any other are refused.',
    ),
  anonymous: z
    .enum(['nothing', 'read'])
    .default('nothing')
    .describe('What may be done without signing in. read: look, at 127.0.0.1, ::1 or localhost only; orders never.'),
  inspect: yesNo(
    false,
    'Show every statechart at work to inspectors of statecharts, by WebSocket, to those who may look. They look and do nothing.',
  ),
})

const history = z.strictObject({
  entries: z
    .int()
    .min(10)
    .max(1_000_000)
    .default(500)
    .describe('Newest events of each environment that are kept in any case; `honua replay` begins before them.'),
  age: duration('Events younger than this are kept too, however many they are.', KEPT).prefault('1d'),
  deployments: z
    .int()
    .min(10)
    .max(100_000)
    .default(200)
    .describe('Newest deployment records of each environment that are kept.'),
  releases: z
    .int()
    .min(1)
    .max(1_000)
    .default(20)
    .describe('Newest completed deployments of each environment that are kept in any case, to go back to.'),
})

export const configSchema = z.strictObject({
  apiVersion: z.literal('honua.io/v1').describe('Version of this format.'),
  kind: z.literal('GitOpsController').describe('What this file is.'),
  metadata: z
    .strictObject({
      name: text('Name of this controller.'),
      environment: text('Where this controller runs; a label for people, it limits nothing.').optional(),
    })
    .describe('What this controller is called.'),
  spec: z
    .strictObject({
      git,
      reconciliation: reconciliation.prefault({}),
      sync: environments.optional().describe('How each environment is run.'),
      environments: environments.optional().describe('Another word for sync, with the same keys.'),
      notifications: z
        .strictObject({ slack: slack.optional().describe('Not active yet.') })
        .prefault({})
        .describe('Not active yet.'),
      health: z
        .strictObject({ checks: healthChecks.default([]).describe('Not active yet.') })
        .prefault({})
        .describe('Not active yet.'),
      dataDir: text('Where the controller keeps its state; relative to the folder it is started in.').default('./data'),
      socket: checked(socketFault, 'Unix socket of the API; default `<dataDir>/honua.sock`.').optional(),
      web: web.prefault({}).describe('The dashboard in the browser.'),
      secretsDir: text('Folder of secret files; default `$CREDENTIALS_DIRECTORY`, else `/run/secrets`.').optional(),
      limits: z
        .strictObject({
          maxFileSize: z
            .int()
            .min(1024)
            .max(64 * 1024 * 1024)
            .default(1024 * 1024)
            .describe('Largest file read from the repository, in bytes.'),
        })
        .prefault({})
        .describe('What the repository may hold.'),
      history: history
        .prefault({})
        .describe(
          'How much is kept. The audit log is never shortened. Each start reads what is kept, 50 events a millisecond.',
        ),
      targets: z.array(target).default([]).describe('What environments are deployed to.'),
    })
    .describe('What the controller does.'),
})

/** The configuration with every default filled in and durations in ms. */
export type ControllerConfig = z.infer<typeof configSchema>
export type TargetSettings = ControllerConfig['spec']['targets'][number]

/** An environment that the configuration does not name: nothing happens to it without approval, and nothing is deleted. */
export const CAUTIOUS: z.infer<typeof environment> = environment.parse({})

/** A check of a name for Git, as a check of the configuration. */
function refusal(
  check: (text: string) => { readonly ok: true } | { readonly ok: false; readonly reason: string },
): (text: string) => string | undefined {
  return (text) => {
    const result = check(text)
    return result.ok ? undefined : result.reason
  }
}
