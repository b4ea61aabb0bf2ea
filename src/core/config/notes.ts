/** What a configuration says and the controller does not do, a sentence each. Nothing that is accepted is ignored in silence. */
import { checkGitUrl } from '../git-names.ts'
import { isLoopback } from '../loopback.ts'
import { didYouMean } from '../suggest.ts'
import type { ControllerConfig } from './schema.ts'

type Spec = ControllerConfig['spec']

export function notesOn({ spec }: ControllerConfig): readonly string[] {
  return [
    ...notBuilt(spec),
    ...noTrigger(spec),
    ...credentialsUnfit(spec),
    ...targetsUnused(spec),
    ...waitsForNothing(spec),
    ...webInTheClear(spec),
  ]
}

function notBuilt({ git, notifications, health }: Spec): readonly string[] {
  const sentences: string[] = []
  if (git.webhook.enabled)
    sentences.push('spec.git.webhook is accepted but not active yet: changes are found by polling')
  if (notifications.slack?.enabled === true)
    sentences.push('spec.notifications.slack is accepted but not active yet: nothing is sent')
  if (health.checks.length > 0)
    sentences.push('spec.health.checks is accepted but not active yet: see honua controller status')
  return sentences
}

function noTrigger({ git }: Spec): readonly string[] {
  if (git.poll.enabled) return []
  return ['spec.git.poll is off: changes are found by honua controller sync only']
}

/** The controller would not start; the file is valid all the same, for the original design document pairs an ssh-key with https. */
function credentialsUnfit({ git }: Spec): readonly string[] {
  const url = checkGitUrl(git.url)
  if (!url.ok) return []
  const isWeb = url.transport === 'https' || url.transport === 'http'
  if (isWeb && git.credentials.type === 'ssh-key')
    return [
      'spec.git.credentials: an ssh-key does not work with an https URL; use user@host:path as spec.git.url, or a token',
    ]
  if (url.transport === 'ssh' && git.credentials.type !== 'ssh-key')
    return [`spec.git.credentials: ssh needs an ssh-key; type ${git.credentials.type} does not work with an ssh URL`]
  return []
}

function targetsUnused(spec: Spec): readonly string[] {
  const known = Object.keys(spec.sync ?? spec.environments ?? {})
  const strangers = spec.targets.flatMap(({ environments = [] }, at) =>
    environments
      .filter((name) => !known.includes(name))
      .map(
        (name) =>
          `spec.targets.${at}.environments: "${name}" is not in spec.sync, so that a person must approve all of it${didYouMean(name, known)}`,
      ),
  )
  const homeless = known.filter(
    (name) => !spec.targets.some(({ environments }) => environments === undefined || environments.includes(name)),
  )
  if (homeless.length === 0) return strangers
  const who = homeless.length === known.length ? 'any environment' : homeless.map((name) => `"${name}"`).join(', ')
  return [...strangers, `spec.targets has none for ${who}: nothing is deployed there`]
}

function waitsForNothing(spec: Spec): readonly string[] {
  return Object.entries(spec.sync ?? spec.environments ?? {})
    .filter(([, { outsideWindow, conditions }]) => outsideWindow === 'wait' && conditions.length === 0)
    .map(([name]) => `spec.sync.${name}.outsideWindow: without conditions there is no window to wait for`)
}

function webInTheClear({ web }: Spec): readonly string[] {
  if (!web.enabled || isLoopback(web.host)) return []
  return [
    `spec.web.host: ${web.host} is open to others, and tokens go there in the clear; put a proxy with TLS before it`,
  ]
}
