import type { HoldBody, ReasonBody } from '../../api/contract.ts'
import type { Instant } from '../../core/vocabulary.ts'
import { part } from '../client.ts'
import { EXIT } from '../exit-codes.ts'
import { moment, reasonOption } from '../parse.ts'
import type { AddCommand, Run } from '../session.ts'

interface HoldOptions {
  readonly environment: string
  readonly reason: string
  /** When the hold ends by itself, given the time now; null: not by itself. */
  readonly until: ((now: Instant) => Instant) | null
}
interface UnholdOptions {
  readonly environment: string
  readonly reason: string
}

export const addEnvHold: AddCommand = (parent, choose) => {
  parent
    .command('hold')
    .argument('<environment>')
    .description('deploy nothing there automatically, until it is lifted or a moment comes')
    .requiredOption('-m, --reason <text>', 'why; it stands in the status and in the audit log')
    .option('--until <when>', 'a duration (2h) or a moment (2025-10-04T18:00Z)', moment)
    .addHelpText('after', '\nExamples:\n  honua env hold production -m "elections" --until 48h')
    .action((environment: string, options: { readonly reason: string; readonly until?: (now: Instant) => Instant }) =>
      choose('env hold', { environment, reason: options.reason, until: options.until ?? null }, hold),
    )
}

export const addEnvUnhold: AddCommand = (parent, choose) => {
  parent
    .command('unhold')
    .argument('<environment>')
    .description('lift a hold, and the quarantine of what Git declares: it may be deployed again')
    .addOption(reasonOption())
    .addHelpText('after', '\nExamples:\n  honua env unhold production -m "the server is back"')
    .action((environment: string, { reason }: { readonly reason: string }) =>
      choose('env unhold', { environment, reason }, unhold),
    )
}

const hold: Run<HoldOptions> = async ({ environment, reason, until }, { api, io, out }) => {
  const body: HoldBody = { reason, until: until === null ? null : until(io.now()) }
  await api.order(`environments/${part(environment)}/hold`, body)
  out.result({ environment, held: true, ...body }, () => [
    `${environment} is held${body.until === null ? '' : ` until ${out.when(body.until)}`}`,
    `  honua env unhold ${environment}`,
  ])
  return EXIT.ok
}

const unhold: Run<UnholdOptions> = async ({ environment, reason }, { api, out }) => {
  const body: ReasonBody = { reason }
  await api.order(`environments/${part(environment)}/unhold`, body)
  out.result({ environment, held: false }, () => [`${environment} is no longer held`])
  return EXIT.ok
}
