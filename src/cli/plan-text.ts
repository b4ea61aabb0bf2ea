import type { PlanView } from '../api/contract.ts'
import { renderPlan, renderUnifiedDiff } from '../core/render/index.ts'
import { jsonText } from './data-text.ts'
import type { Output } from './output.ts'

export const PLAN_FORMATS = ['table', 'json', 'unified'] as const
export type PlanFormat = (typeof PLAN_FORMATS)[number]

export function isPlanFormat(text: string): text is PlanFormat {
  return PLAN_FORMATS.some((format) => format === text)
}

/** A plan as people, programs or reviewers read it; without a final line break. */
export function planText(view: PlanView, format: PlanFormat, out: Output): string {
  switch (format) {
    case 'json':
      return jsonText(view)
    case 'table':
      return renderPlan(view.plan, { color: out.isColoured, width: out.width }).trimEnd()
    case 'unified':
      return painted(renderUnifiedDiff(documentsOf(view)).trimEnd(), out)
  }
}

function documentsOf({ plan, documents }: PlanView) {
  const paths = new Map(plan.changes.map(({ target, key, location }) => [`${target}/${key}`, location?.path ?? null]))
  return documents.map(({ target, key, before, after }) => ({
    target,
    key,
    path: paths.get(`${target}/${key}`) ?? null,
    before,
    after,
  }))
}

function painted(patch: string, { paint, isColoured }: Output): string {
  if (!isColoured) return patch
  const line = (text: string) => {
    if (text.startsWith('+++') || text.startsWith('---')) return paint.bold(text)
    if (text.startsWith('@@')) return paint.cyan(text)
    if (text.startsWith('+')) return paint.green(text)
    return text.startsWith('-') ? paint.red(text) : text
  }
  return patch.split('\n').map(line).join('\n')
}
