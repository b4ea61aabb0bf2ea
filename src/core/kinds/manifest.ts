import { z } from 'zod'
import { layerField, reference, srid, text, word } from './fields.ts'

/** Specs of `honua.io/v1alpha1`, the manifest API's form; what is required is what the server requires (HONUA-API §2.1). */
export const manifestSpecs = {
  Layer: z.looseObject({
    schemaName: word('Schema of the table.'),
    tableName: word('Table that holds the features.'),
    geometryType: word('Such as Point, LineString or Polygon.'),
    srid,
    description: text('What the layer shows.').nullish(),
    serviceName: word('Service that it belongs to.').nullish(),
    geometryColumn: word('Column that holds the geometry.').nullish(),
    primaryKey: word('Primary key of the table.').nullish(),
    fields: z.array(layerField).nullish(),
    enabled: z.boolean().nullish(),
  }),
  Service: z.looseObject({ description: text('What the service offers.'), srid }),
  Style: z.looseObject({
    layerId: reference('Layer that it is for.'),
    style: z.union([z.looseObject({}), z.string()], { error: 'must be a mapping or a text' }),
  }),
  Connection: z.looseObject({
    name: word('Name of the connection.'),
    host: word('Host of the database.'),
    databaseName: word('Name of the database.'),
  }),
  Relationship: z.looseObject({
    originLayerId: reference('Layer it starts from.'),
    relatedLayerId: reference('Layer it leads to.'),
    name: word('Name of the relationship.'),
    relationshipType: word('Such as OneToMany.'),
    originForeignKey: word('Column of the origin.'),
    destinationForeignKey: word('Column of the related layer.'),
  }),
  MapTemplate: z.looseObject({ name: word('Name.'), category: word('Category.') }),
  Theme: z.looseObject({ name: word('Name.') }),
} as const
