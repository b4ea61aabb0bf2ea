/** Whether an OGC API – Features serves what was deployed: landing page, conformance, collections, and of each changed layer its collection, its count and one feature. */
import {
  collectionFault,
  collectionsFault,
  conformanceFault,
  extentOf,
  type InputsOf,
  judgeGeometry,
  judgeItems,
  landingFault,
} from '../../../core/checks/index.ts'
import type { Json } from '../../../core/json.ts'
import type { Asker } from './asker.ts'
import type { Check, Outcome } from './rounds.ts'

type Inputs = InputsOf<'ogc-conformance-test'>

/** Addresses are made from the standard's own paths: the links of an answer are judged and not followed. */
export function ogcChecks(inputs: Inputs, ids: readonly string[], asker: Asker): readonly Check[] {
  const root = inputs.path.replace(/\/$/, '')
  const read = (path: string, judge: (data: Json) => string | null): Check => ({
    name: `GET ${path}`,
    look: async () => {
      const answer = await asker.document(path, inputs.timeout)
      const fault = typeof answer === 'string' ? answer : judge(answer.data)
      return fault === null ? { ok: true, message: 'as the OGC API says' } : { ok: false, message: fault }
    },
  })
  return [
    read(inputs.path, landingFault),
    read(`${root}/conformance`, (data) => conformanceFault(data, inputs.conformance)),
    read(`${root}/collections`, collectionsFault),
    ...[...new Set([...ids, ...inputs.collections])].map((id) =>
      collectionCheck(`${root}/collections`, id, inputs, asker),
    ),
  ]
}

function collectionCheck(collections: string, id: string, inputs: Inputs, asker: Asker): Check {
  const path = `${collections}/${encodeURIComponent(id)}`
  return { name: `collection ${id}`, look: () => judged(path, id, inputs, asker) }
}

async function judged(path: string, id: string, inputs: Inputs, asker: Asker): Promise<Outcome> {
  const wrong = (message: string): Outcome => ({ ok: false, message })
  const collection = await asker.document(path, inputs.timeout)
  if (typeof collection === 'string') return wrong(collection)
  const fault = collectionFault(collection.data, id)
  if (fault !== null) return wrong(fault)
  const extent = extentOf(collection.data)
  if (typeof extent === 'string') return wrong(extent)
  const items = await asker.document(`${path}/items?limit=1`, inputs.timeout)
  if (typeof items === 'string') return wrong(`its items: ${items}`)
  const { ok, message, first } = judgeItems(items.data, inputs.expected)
  if (!ok || first === null) return { ok, message }
  // Items come in CRS84 unless asked otherwise; an extent in another system cannot be compared with them.
  const isComparable = extent === null || extent.isGeographic
  const geometry = judgeGeometry(first['geometry'], isComparable ? extent : null, inputs.tolerance)
  return { ok: geometry.ok, message: `${message}; ${geometry.message}` }
}
