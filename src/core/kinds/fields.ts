import { z } from 'zod'

/** Building blocks of the kind schemas. All are loose: fields that a server knows and we do not pass through untouched. */

export const text = (about: string) => z.string().describe(about)
export const word = (about: string) => z.string().min(1).describe(about)
/** EPSG code such as 4326. */
export const srid = z.int().min(0).describe('Spatial reference system, as EPSG code: 4326.')
/** Honua identifies by number in one generation, by name in another. */
export const reference = (about: string) =>
  z.union([z.string().min(1), z.int()], { error: 'must be a name or a whole number' }).describe(about)
export const group = (about: string) => z.looseObject({}).describe(about)

/** One attribute of a layer. */
export const layerField = z
  .looseObject({
    name: word('Name of the column.'),
    type: word('Data type, such as integer or string.').optional(),
    alias: text('Name shown to people.').nullish(),
    nullable: z.boolean().nullish(),
    maxLength: z.int().min(0).nullish(),
  })
  .describe('One attribute of the layer.')
