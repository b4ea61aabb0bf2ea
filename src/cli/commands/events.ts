import type { EventView } from '../../api/contract.ts'
import { visible } from '../../core/render/index.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import type { Output } from '../output.ts'
import { positive } from '../parse.ts'
import type { AddCommand, Run, Session } from '../session.ts'
import { padTo } from '../table.ts'
import { iso, timeOfDay } from '../times.ts'

interface Options {
  readonly environment: string | null
  readonly follow: boolean
  readonly limit: number
}

export const addEvents: AddCommand = (parent, choose) => {
  parent
    .command('events')
    .description('what happened since the controller started, and what happens')
    .option('-f, --follow', 'go on, as it happens', false)
    .option('-e, --env <environment>', 'of this environment only')
    .option('-n, --limit <count>', 'how many of the newest', positive, 20)
    .addHelpText(
      'after',
      '\nExamples:\n  honua events --follow\n  honua events --follow --env production -o json | jq .to',
    )
    .action((given: { readonly follow: boolean; readonly env?: string; readonly limit: number }) =>
      choose('events', { environment: given.env ?? null, follow: given.follow, limit: given.limit }, showEvents),
    )
}

const showEvents: Run<Options> = async (options, session) => {
  const { api, out } = session
  let last: string | null = null
  for await (const event of api.events(options)) {
    await out.entry(event, () => eventLine(event, out))
    last = `${event.stream}:${event.sequence}`
  }
  if (options.follow) return followEvents(options.environment, last, session)
  if (last === null && out.format === 'text')
    out.note('nothing happened since the controller started; for earlier: honua env history, honua replay')
  return EXIT.ok
}

async function followEvents(
  environment: string | null,
  last: string | null,
  { api, io, out }: Session,
): Promise<ExitCode> {
  const stop = io.interrupted()
  for await (const live of await api.follow(environment, stop, last)) {
    if (live.kind === 'lost')
      out.note(live.count === null ? 'some events were missed' : `${live.count} events were missed`)
    if (live.kind === 'committed') await out.entry(live.event, () => eventLine(live.event, out))
  }
  if (stop.aborted) return EXIT.ok
  out.note('the controller ended the connection')
  return EXIT.unreachable
}

function eventLine(event: EventView, out: Output): string {
  const { stream, at, type, from, to, owed } = event
  const who = visible(stream.replace(/^environment\//, ''))
  const cells = [
    who,
    visible(type),
    from === to ? visible(to) : `${visible(from)} → ${visible(to)}`,
    owed.map(visible).join(', '),
  ]
  if (!out.isTerminal) return [iso(at), ...cells].join('\t')
  const [name = '', kind = '', way = '', work = ''] = cells
  return `${out.paint.dim(timeOfDay(at))}  ${out.paint.bold(padTo(name, 14))}  ${padTo(kind, 22)}  ${way}${work === '' ? '' : out.paint.dim(`  owes ${work}`)}`
}
