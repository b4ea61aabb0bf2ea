import { resolve } from 'node:path'
import type { ReplayBundle } from '../../api/contract.ts'
import { cliErrors } from '../../core/errors/cli.ts'
import type { Json } from '../../core/json.ts'
import { visible } from '../../core/render/index.ts'
import { parseBundle } from '../../core/replay/bundle.ts'
import { jsonText } from '../data-text.ts'
import { EXIT } from '../exit-codes.ts'
import { readText, writeText } from '../files.ts'
import type { Output } from '../output.ts'
import { positive } from '../parse.ts'
import { type Replayed, replayHere } from '../replaying.ts'
import type { AddCommand, Run, Session } from '../session.ts'
import { padTo } from '../table.ts'
import { iso } from '../times.ts'
import { short } from '../words.ts'

interface Options {
  readonly environment: string | null
  readonly from: number | null
  readonly to: number | null
  readonly step: boolean
  readonly exportTo: string | null
  readonly file: string | null
  readonly machine: string | null
}

export const addReplay: AddCommand = (parent, choose) => {
  parent
    .command('replay')
    .argument('[environment]')
    .description('fold the journal through the statechart again and compare: proves why it is in the state it is in')
    .option('--from <sequence>', 'print from this event on', positive)
    .option('--to <sequence>', 'print up to this event', positive)
    .option('--step', 'print each event with what it changed and what it owed', false)
    .option('--export <file>', 'write a bundle that can be replayed on another computer')
    .option('--file <file>', 'replay such a bundle; needs no controller')
    .option('--machine <module>', 'try a changed statechart against the record')
    .addHelpText(
      'after',
      '\nExamples:\n  honua replay production\n  honua replay production --from 30 --to 42 --step\n  honua replay production --export production.json\n  honua replay --file production.json --machine ./changed-machine.js',
    )
    .action(
      (
        environment: string | undefined,
        given: { from?: number; to?: number; step: boolean; export?: string; file?: string; machine?: string },
        command: { error(message: string): void },
      ) => {
        if ((environment === undefined) === (given.file === undefined))
          command.error('error: name an environment, or a bundle with --file')
        const { from = null, to = null, step, file = null, machine = null } = given
        choose(
          'replay',
          { environment: environment ?? null, from, to, step, exportTo: given.export ?? null, file, machine },
          replay,
        )
      },
    )
}

const replay: Run<Options> = async (options, session) => {
  const { io, out } = session
  const bundle = await bundleOf(options, session)
  if (options.exportTo !== null) {
    const path = resolve(io.cwd, options.exportTo)
    await writeText(path, `${jsonText(bundle, 0)}\n`)
    out.result({ file: path, events: bundle.entries.length }, () => [
      `${bundle.entries.length} events of ${nameOf(bundle)} are in ${visible(options.exportTo ?? '')}`,
      `  honua replay --file ${visible(options.exportTo ?? '')}`,
    ])
    return EXIT.ok
  }
  const replayed = await replayHere(bundle, options.machine === null ? null : resolve(io.cwd, options.machine))
  if (options.step || options.from !== null || options.to !== null) await printSteps(replayed, options, out)
  const { divergence, digest } = replayed
  if (divergence !== null)
    throw cliErrors.replayDiverged({
      stream: nameOf(bundle),
      sequence: divergence.sequence,
      message: divergence.message,
    })
  const verdict = { stream: bundle.stream, events: bundle.entries.length, digest, equal: true }
  const words = `replayed ${bundle.entries.length} events of ${nameOf(bundle)}: equal to the stored snapshot (digest ${short(digest)})`
  // With steps printed, the verdict is the last of many values.
  if (options.step && out.format !== 'text') await out.entry(verdict, () => words)
  else out.result(verdict, () => [words])
  return EXIT.ok
}

async function bundleOf({ environment, file }: Options, { api, io }: Session): Promise<ReplayBundle> {
  if (environment !== null) return api.replayBundle(environment)
  return parseBundle(await readText(resolve(io.cwd, file ?? '')), file ?? '')
}

async function printSteps(replayed: Replayed, { from, to, step }: Options, out: Output): Promise<void> {
  for (const one of replayed.steps) {
    if (one.sequence < (from ?? 1) || one.sequence > (to ?? Number.POSITIVE_INFINITY)) continue
    await out.entry(one, () => [headline(one, out), ...(step ? details(one, out) : [])].join('\n'))
  }
}

type Step = Replayed['steps'][number]

function headline({ sequence, at, type, from, to }: Step, { paint }: Output): string {
  const way = from === to ? visible(to) : `${visible(from)} → ${visible(to)}`
  return `${paint.bold(String(sequence).padStart(5))}  ${paint.dim(iso(at))}  ${padTo(visible(type), 22)}  ${way}`
}

function details({ changed, owed }: Step, { paint, width }: Output): readonly string[] {
  return [
    ...changed.map(
      ({ pointer, before, after }) => `         ${visible(pointer)}: ${value(before, width)} → ${value(after, width)}`,
    ),
    ...owed.map((effect) => `         ${paint.cyan('owes')} ${visible(effect)}`),
  ]
}

/** A value on one line, cut so that both sides of a change fit. */
function value(json: Json | undefined, width: number): string {
  if (json === undefined) return 'absent'
  const text = visible(JSON.stringify(json))
  const room = Math.max(24, Math.floor((width - 40) / 2))
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`
}

function nameOf({ stream }: ReplayBundle): string {
  return visible(stream.replace(/^environment\//, ''))
}
