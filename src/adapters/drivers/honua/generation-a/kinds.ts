/** What a server of generation A holds, and which fields its requests carry. Source: HONUA-API §1.4, §2.3. */
import type { FixedPart } from '../../../../core/vocabulary.ts'

const METADATA = '/admin/metadata'
export const SERVICES = `${METADATA}/services`

export interface KindOfA {
  readonly kind: string
  readonly path: string
  /** Fields of a creation; those of an update are the same but for what is fixed. */
  readonly fields: readonly string[]
  /** Fields that the body of an update has no place for. */
  readonly fixed: readonly string[]
  /** What stands there when a field is not declared. */
  readonly defaults: Readonly<Record<string, boolean | readonly string[]>>
  /** Without these the server takes nothing. */
  readonly required: readonly string[]
}

/** In the order in which they need each other. */
export const KINDS_OF_A: readonly KindOfA[] = [
  {
    kind: 'DataSource',
    path: `${METADATA}/datasources`,
    fields: ['provider', 'connectionString'],
    fixed: [],
    defaults: {},
    required: ['provider', 'connectionString'],
  },
  {
    kind: 'Folder',
    path: `${METADATA}/folders`,
    fields: ['title', 'order'],
    fixed: [],
    defaults: {},
    required: [],
  },
  {
    kind: 'Service',
    path: SERVICES,
    fields: ['title', 'folderId', 'serviceType', 'dataSourceId', 'description', 'keywords', 'enabled', 'ogcOptions'],
    fixed: ['serviceType', 'dataSourceId'],
    defaults: { keywords: [], enabled: true },
    required: ['title', 'folderId', 'serviceType', 'dataSourceId'],
  },
  {
    kind: 'Layer',
    path: `${METADATA}/layers`,
    fields: [
      'serviceId',
      'title',
      'description',
      'geometryType',
      'idField',
      'geometryField',
      'displayField',
      'crs',
      'keywords',
    ],
    fixed: ['serviceId', 'geometryType', 'idField', 'geometryField'],
    defaults: { crs: ['EPSG:4326'], keywords: [] },
    required: ['serviceId', 'title', 'geometryType', 'idField', 'geometryField'],
  },
]

export const kindsOfA: ReadonlyMap<string, KindOfA> = new Map(KINDS_OF_A.map((kind) => [kind.kind, kind]))

/** A service cannot go while it has layers, so it is not made anew; a layer can. */
export const FIXED_OF_A: readonly FixedPart[] = KINDS_OF_A.flatMap(({ kind, fixed }) => {
  const then = kind === 'Layer' ? 'recreate' : 'refuse'
  const why = (field: string) => `cannot change the ${field} of a ${kind} in place`
  return fixed.map((field) => ({ kind, pointer: `/spec/${field}`, then, why: why(field) }))
})
