import type { EnvironmentView, StatusView } from '../../api/contract.ts'
import { visible } from '../../core/render/index.ts'
import { EXIT } from '../exit-codes.ts'
import { report } from '../failure.ts'
import type { Output } from '../output.ts'
import type { AddCommand, Run, Session } from '../session.ts'
import { padTo, textWidth } from '../table.ts'
import { iso, relative, span } from '../times.ts'
import { nextStep, short, waitWords } from '../words.ts'

interface Options {
  readonly watch: boolean
}

/** Inner width of the box, in columns; it grows with what it holds, up to the terminal's width. */
const BOX_WIDTH = 66
const WATCH_MS = 1_000
const CLEAR_SCREEN = '\u001b[H\u001b[J'

export const addControllerStatus: AddCommand = (parent, choose) => {
  parent
    .command('status')
    .description('how the controller is, and every environment in a line')
    .option('-w, --watch', 'keep showing it', false)
    .addHelpText(
      'after',
      '\nExamples:\n  honua controller status\n  honua controller status --watch\n  honua controller status -o json | jq .source.state',
    )
    .action((options: Options) => choose('controller status', { watch: options.watch }, showStatus))
}

const showStatus: Run<Options> = async ({ watch }, session) => {
  if (watch) return keepShowing(session)
  const { status, environments } = await look(session)
  session.out.result({ ...status, all: environments }, () => statusLines(status, environments, session.out))
  return EXIT.ok
}

/** On a terminal the screen is drawn anew each second; in a pipe a line of dashes and the new state follow each change. */
async function keepShowing(session: Session) {
  const { io, out } = session
  const stop = io.interrupted()
  let shown = ''
  while (!stop.aborted) {
    const text = await look(session).then(
      ({ status, environments }) => {
        if (out.format !== 'text') return JSON.stringify({ ...status, now: 0 })
        return statusLines(status, environments, out).join('\n')
      },
      (error: unknown) => {
        // A controller that is being restarted comes back: what is watched goes on being watched.
        if (out.isTerminal) io.stdout.write(CLEAR_SCREEN)
        report(error, io, { format: out.format, color: out.isColoured })
        return ''
      },
    )
    if (text !== '' && out.isTerminal) io.stdout.write(`${CLEAR_SCREEN}${text}\n`)
    else if (text !== '' && text !== shown) {
      if (shown !== '' && out.format === 'text') out.line('---')
      out.line(text)
    }
    shown = text
    await io.sleep(WATCH_MS, stop)
  }
  return EXIT.ok
}

async function look({
  api,
}: Session): Promise<{ readonly status: StatusView; readonly environments: readonly EnvironmentView[] }> {
  const [status, { environments }] = await Promise.all([api.look('status'), api.look('environments')])
  return { status, environments }
}

function statusLines(status: StatusView, environments: readonly EnvironmentView[], out: Output): readonly string[] {
  return out.isTerminal
    ? [...box(status, out), ...forPeople(status, environments, out)]
    : [
        ...plain(status),
        ...environments.map(environmentLine),
        ...status.notices.map((notice) => `notice\t${visible(notice)}`),
      ]
}

/** The box of the design document, one line a fact. */
function box(status: StatusView, out: Output): readonly string[] {
  const rows = boxRows(status).map(([name, words]) => `${`${name}:`.padEnd(17)}${words}`)
  const inner = Math.min(Math.max(BOX_WIDTH, ...rows.map((row) => textWidth(row) + 2)), Math.max(20, out.width - 2))
  const title = '─ GitOps Controller Status '
  return [
    `┌${title}${'─'.repeat(Math.max(0, inner - title.length))}┐`,
    ...rows.map((row) => `│ ${painted(padTo(row, inner - 2), out)} │`),
    `└${'─'.repeat(inner)}┘`,
  ]
}

function boxRows({ state, source, lastSyncAt, now }: StatusView): readonly (readonly [name: string, words: string])[] {
  return [
    ['Status', `${state === 'Running' ? '●' : '○'} ${state}`],
    ['Git Connected', gitWords(source, now)],
    ['Last Sync', lastSyncAt === null ? 'never' : relative(lastSyncAt, now)],
    ['Watching', source.url === '' ? '–' : `${visible(source.url)} (${visible(source.branch)})`],
    ['Next Poll', pollWords(source, now)],
  ]
}

function gitWords({ state, lastCheckAt, lastSuccessAt, failure }: StatusView['source'], now: number): string {
  const checked = lastCheckAt === null ? 'not checked yet' : `last check: ${relative(lastCheckAt, now)}`
  if (state === 'Unreachable') return `✗ No, since ${span(now - (failure?.since ?? now))} (${checked})`
  if (state === 'Invalid') return `✗ Refused since ${span(now - (failure?.since ?? now))} (${checked})`
  if (state === 'Connecting' && lastSuccessAt === null) return `… Connecting (${checked})`
  return `✓ Yes (${checked})`
}

function pollWords({ state, nextPollAt }: StatusView['source'], now: number): string {
  if (state === 'Fetching') return 'fetching now'
  if (nextPollAt === null) return 'none due'
  return nextPollAt <= now ? 'now' : span(nextPollAt - now)
}

function painted(row: string, { paint }: Output): string {
  return row
    .replace(/●/, paint.green('●'))
    .replace(/✓/, paint.green('✓'))
    .replace(/[○✗…]/, (mark) => paint.yellow(mark))
}

function forPeople(status: StatusView, environments: readonly EnvironmentView[], out: Output): readonly string[] {
  const rows = environments.map((view) => [
    view.name,
    view.state,
    short(view.deployedCommit),
    out.when(view.observedAt),
    waitWords(view),
  ])
  const steps = environments.map(nextStep).filter((step) => step?.startsWith('honua deployment approve'))
  const { failure } = status.source
  return [
    ...(failure === null
      ? []
      : ['', `${out.paint.yellow('Git:')} ${visible(failure.message)}`, ...rewriteStep(status)]),
    ...(rows.length === 0
      ? ['', 'No environments yet.']
      : ['', ...out.table(['ENVIRONMENT', 'STATE', 'DEPLOYED', 'LOOKED AT', 'WHY'], rows)]),
    ...(steps.length === 0 ? [] : ['', ...steps.map((step) => `  ${step}`)]),
    ...(status.notices.length === 0
      ? []
      : ['', ...status.notices.map((notice) => `${out.paint.yellow('note:')} ${visible(notice)}`)]),
  ]
}

function rewriteStep({ source }: StatusView): readonly string[] {
  return source.state === 'Invalid' && source.pending !== null
    ? [`  honua source accept-rewrite ${short(source.pending)}`]
    : []
}

function plain({ state, source, lastSyncAt, version, startedAt }: StatusView): readonly string[] {
  const at = (moment: number | null) => (moment === null ? 'never' : iso(moment))
  return [
    `status\t${state}`,
    `version\t${visible(version)}`,
    `started\t${iso(startedAt)}`,
    `git\t${source.state}`,
    `last check\t${at(source.lastCheckAt)}`,
    `last success\t${at(source.lastSuccessAt)}`,
    `last sync\t${at(lastSyncAt)}`,
    `watching\t${visible(source.url)} (${visible(source.branch)})`,
    `next poll\t${at(source.nextPollAt)}`,
    ...(source.failure === null
      ? []
      : [`git failure\t${visible(source.failure.code)}\t${visible(source.failure.message)}`]),
  ]
}

function environmentLine(view: EnvironmentView): string {
  return [
    'environment',
    view.name,
    view.path,
    view.deployedCommit ?? '',
    view.observedAt === null ? '' : iso(view.observedAt),
    waitWords(view),
  ].join('\t')
}
