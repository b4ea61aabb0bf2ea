import { stringify } from 'yaml'

/** A layer file in the seed's form. */
export function layerFile(
  name: string,
  over: {
    readonly title?: string
    readonly geometryType?: string
    readonly table?: string
    readonly wave?: number
  } = {},
): string {
  const { title = name, geometryType = 'Polygon', table = `public.${name}`, wave } = over
  const annotations = wave === undefined ? {} : { annotations: { 'gitops.honua.io/wave': String(wave) } }
  return stringify({
    apiVersion: 'honua.io/v1',
    kind: 'Layer',
    metadata: { name, ...annotations },
    spec: { title, geometryType, storage: { table, srid: 4326, geometryColumn: 'geom' } },
  })
}
