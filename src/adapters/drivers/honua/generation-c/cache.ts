import { targetErrors } from '../../../../core/errors/target.ts'
import { kindOf } from '../../../../core/resource.ts'
import { ADMIN } from '../api.ts'
import type { Action } from '../generation.ts'
import { lookAtC } from './look.ts'

const INVALIDATE = `${ADMIN}/cache/invalidate`

/** Drops what the server has cached of the layers that the plan changes; a style is of its layer's name. Harmless to repeat. */
export const dropCached: Action = async (site, { changed }, signal) => {
  const names = new Set(
    changed.filter((key) => ['Layer', 'Style'].includes(kindOf(key))).map((key) => key.slice(key.lastIndexOf('/') + 1)),
  )
  if (names.size === 0) return 'no layer changes: nothing was dropped'
  const { ids } = await lookAtC(site, [], signal)
  const dropped = [...names].flatMap((name) => ids.layers.get(name)?.layerId ?? [])
  for (const layerId of dropped) {
    const body = { scope: 'layer', layerId }
    const answer = await site.api.write({ method: 'POST', path: INVALIDATE, body, form: 'plain' }, signal)
    if (!answer.success)
      throw targetErrors.refused({
        target: site.settings.name,
        reason: `POST ${INVALIDATE} for layer ${layerId}: ${answer.message}`,
      })
  }
  return `dropped what was cached of ${dropped.length} ${dropped.length === 1 ? 'layer' : 'layers'}`
}
