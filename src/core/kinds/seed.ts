import { z } from 'zod'
import { topologySpec } from '../topology/schema.ts'
import { group, layerField, reference, srid, text, word } from './fields.ts'

/**
 * Specs of `honua.io/v1`, the seed's one-file-a-resource form. Of it only the layer is described anywhere (HONUA-API §1.4); for the
 * other kinds the known fields are checked where they are given.
 */
export const seedSpecs = {
  Topology: topologySpec,
  Layer: z.looseObject({
    title: text('Name shown to people.').optional(),
    description: text('What the layer shows.').optional(),
    geometryType: word('Such as Point, LineString or Polygon.'),
    idField: word('Column that identifies a feature.').optional(),
    displayField: word('Column shown for a feature.').optional(),
    geometryField: word('Column that holds the geometry.').optional(),
    crs: z.array(z.union([z.string(), z.int()], { error: 'must be a text such as EPSG:4326' })).optional(),
    storage: z
      .looseObject({
        table: word('Table, with its schema where it is not public: gis.parcels.'),
        geometryColumn: word('Column that holds the geometry.').optional(),
        primaryKey: word('Primary key of the table.').optional(),
        srid: srid.optional(),
      })
      .describe('Where the features are.'),
    fields: z.array(layerField).optional(),
    ogc: z
      .looseObject({ itemLimit: z.int().min(1).optional(), defaultCrs: text('Default CRS.').optional() })
      .optional(),
    validation: z
      .looseObject({
        healthChecks: z
          .array(
            z.looseObject({
              type: word('query or geometry.'),
              query: text('SQL.').optional(),
              expected: text('Such as "> 0".').optional(),
            }),
          )
          .optional(),
      })
      .optional(),
  }),
  Service: z.looseObject({
    title: text('Name shown to people.').optional(),
    description: text('What the service offers.').optional(),
    srid: srid.optional(),
  }),
  Style: z.looseObject({
    layerId: reference('Layer that it is for.').optional(),
    style: z.union([z.looseObject({}), z.string()], { error: 'must be a mapping or a text' }).optional(),
  }),
  Connection: z.looseObject({
    name: word('Name of the connection.').optional(),
    host: word('Host of the database.').optional(),
    databaseName: word('Name of the database.').optional(),
  }),
  Relationship: z.looseObject({
    originLayerId: reference('Layer it starts from.').optional(),
    relatedLayerId: reference('Layer it leads to.').optional(),
    name: word('Name of the relationship.').optional(),
    relationshipType: word('Such as OneToMany.').optional(),
    originForeignKey: word('Column of the origin.').optional(),
    destinationForeignKey: word('Column of the related layer.').optional(),
  }),
  MapTemplate: z.looseObject({
    name: word('Name.').optional(),
    category: word('Category.').optional(),
    template: group('Content.').optional(),
  }),
  Theme: z.looseObject({ name: word('Name.').optional() }),
} as const
