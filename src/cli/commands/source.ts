import type { AcceptRewriteBody, SourceView } from '../../api/contract.ts'
import { EXIT } from '../exit-codes.ts'
import { factLines } from '../facts.ts'
import type { Output } from '../output.ts'
import { reasonOption } from '../parse.ts'
import type { AddCommand, Run } from '../session.ts'
import { short } from '../words.ts'

export const addSourceShow: AddCommand = (parent, choose) => {
  parent
    .command('show')
    .description('the repository: what is served, and how the last poll went')
    .action(() => choose('source show', {}, showSource))
}

export const addAcceptRewrite: AddCommand = (parent, choose) => {
  parent
    .command('accept-rewrite')
    .argument('<commit>', 'the commit that waits, at least 7 characters of it')
    .description('take a branch whose history was rewritten; until then the last accepted commit is served')
    .addOption(reasonOption())
    .addHelpText('after', '\nExamples:\n  honua source accept-rewrite 4f2c9a1 -m "cleaned up after the leak"')
    .action((commit: string, { reason }: { readonly reason: string }) =>
      choose('source accept-rewrite', { commit, reason }, acceptRewrite),
    )
}

const showSource: Run<object> = async (_options, { api, out }) => {
  const source = await api.look('source')
  out.result(source, () => sourceLines(source, out))
  return EXIT.ok
}

const acceptRewrite: Run<AcceptRewriteBody> = async (body, { api, out }) => {
  await api.order('source/accept-rewrite', body)
  out.result({ accepted: body.commit }, () => [`${short(body.commit)} is taken`, '  honua env list'])
  return EXIT.ok
}

function sourceLines(source: SourceView, out: Output): readonly string[] {
  const { failure, pending, state } = source
  return [
    ...factLines(
      [
        ['Repository', source.url],
        ['Branch', source.branch],
        ['State', state],
        ['Why', failure === null ? '' : `${failure.message} (${failure.code})`],
        ['Since', failure === null ? '' : out.when(failure.since)],
        ['Serving', source.head === null ? 'nothing yet' : short(source.head)],
        ['Waiting', pending === null ? '' : short(pending)],
        ['Last check', out.when(source.lastCheckAt)],
        ['Last answer', out.when(source.lastSuccessAt)],
        ['Next poll', out.when(source.nextPollAt, 'none due')],
      ],
      out,
    ),
    ...(state === 'Invalid' && pending !== null ? ['', `  honua source accept-rewrite ${short(pending)}`] : []),
  ]
}
