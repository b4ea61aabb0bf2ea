import type { DriftView } from '../api/contract.ts'
import { visible } from '../core/render/index.ts'
import type { ChangeAction } from '../core/vocabulary.ts'
import type { Output } from './output.ts'

/** What has drifted, a line each with since when. */
export function driftLines({ resources, total }: DriftView, out: Output): readonly string[] {
  const lines = resources.map(
    ({ target, key, action, since }) =>
      `${FOUND[action].padEnd(7)}  ${visible(key)} on ${target}, since ${out.when(since)}`,
  )
  return total > lines.length ? [...lines, `and ${total - lines.length} more`] : lines
}

/** What a look found, told by what would put it back. */
const FOUND: Readonly<Record<ChangeAction, string>> = { create: 'missing', update: 'changed', delete: 'extra' }
