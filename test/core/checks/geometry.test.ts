import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holds } from '../../../src/core/checks/extent.ts'
import type { Extent } from '../../../src/core/checks/index.ts'
import { extentOf, judgeGeometry } from '../../../src/core/checks/index.ts'
import type { Json } from '../../../src/core/json.ts'

const vienna: Extent = { west: 16, south: 48, east: 17, north: 49, isGeographic: true }
const fiji: Extent = { west: 177, south: -20, east: -178, north: -15, isGeographic: true }
const judge = (geometry: Json, extent: Extent | null = vienna, tolerance = 0) =>
  judgeGeometry(geometry, extent, tolerance)

const ring = [
  [16.1, 48.1],
  [16.2, 48.1],
  [16.2, 48.2],
  [16.1, 48.1],
]
const lifted = ring.map((position) => [...position, 171.5])

const whole: readonly (readonly [string, Json])[] = [
  ['Point', [16.5, 48.5]],
  [
    'MultiPoint',
    [
      [16.5, 48.5],
      [16.6, 48.6],
    ],
  ],
  [
    'LineString',
    [
      [16.5, 48.5],
      [16.6, 48.6],
    ],
  ],
  [
    'MultiLineString',
    [
      [
        [16.5, 48.5],
        [16.6, 48.6],
      ],
      ring,
    ],
  ],
  ['Polygon', [ring, ring]],
  ['MultiPolygon', [[ring], [ring, ring]]],
]

describe('a geometry inside the bbox', () => {
  it.each(whole)('may be a %s', (type, coordinates) => {
    expect(judge({ type, coordinates })).toEqual({ ok: true, message: `${type} inside its collection's bbox` })
  })

  it('may have heights, and be a collection of others', () => {
    const geometries = [
      { type: 'Polygon', coordinates: [lifted] },
      { type: 'Point', coordinates: [16.5, 48.5, 0, 1] },
    ]
    expect(judge({ type: 'GeometryCollection', geometries }).ok).toBe(true)
  })

  it('may lie on its edge, and beyond it by the tolerance', () => {
    expect(judge({ type: 'Point', coordinates: [16, 49] }).ok).toBe(true)
    expect(judge({ type: 'Point', coordinates: [15.999_999_5, 49] }).ok).toBe(false)
    expect(judge({ type: 'Point', coordinates: [15.999_999_5, 49] }, vienna, 0.000_001).ok).toBe(true)
  })
})

describe('a geometry outside the bbox', () => {
  it.each(whole)('is told of a %s by its first position there', (type, coordinates) => {
    const text = JSON.stringify(coordinates).replaceAll('48.', '-48.')
    const { ok, message } = judge({ type, coordinates: JSON.parse(text) })
    expect(ok).toBe(false)
    expect(message).toMatch(/outside its collection's bbox at 16\.\d -48\.\d$/)
  })

  it('with its axes swapped is told so', () => {
    expect(judge({ type: 'Point', coordinates: [48.5, 16.5] }).message).toContain('its axes are swapped')
  })

  it('in one part of a collection is outside', () => {
    const geometries = [
      { type: 'Point', coordinates: [16.5, 48.5] },
      { type: 'Point', coordinates: [0, 0] },
    ]
    expect(judge({ type: 'GeometryCollection', geometries }).ok).toBe(false)
  })
})

describe('what cannot be placed', () => {
  it.each<[string, Json]>([
    ['the feature has no geometry', null],
    ['the Point is empty', { type: 'Point', coordinates: [] }],
    ['the MultiPolygon is empty', { type: 'MultiPolygon', coordinates: [] }],
    ['the Polygon is empty', { type: 'Polygon', coordinates: [[]] }],
    ['the GeometryCollection is empty', { type: 'GeometryCollection', geometries: [] }],
  ])('is told and is no fault: %s', (message, geometry) => {
    expect(judge(geometry)).toEqual({ ok: true, message })
  })

  it('without a bbox, nothing is compared', () => {
    expect(judge({ type: 'Point', coordinates: [0, 0] }, null)).toEqual({
      ok: true,
      message: 'Point, of a collection that names no bbox',
    })
  })

  it.each<[string, Json]>([
    ['a position that is not two or more numbers', { type: 'Point', coordinates: [16.5] }],
    ['a position that is not two or more numbers', { type: 'Point', coordinates: ['16.5', '48.5'] }],
    ['a position that is not two or more numbers', { type: 'LineString', coordinates: [16.5, 48.5] }],
    ['fewer than 2 positions', { type: 'LineString', coordinates: [[16.5, 48.5]] }],
    ['a ring that is not closed', { type: 'Polygon', coordinates: [[...ring.slice(0, 3), [16.3, 48.3]]] }],
    ['fewer than 4 positions', { type: 'Polygon', coordinates: [ring.slice(1)] }],
    ['no list where one must be', { type: 'MultiPolygon' }],
    ['"Circle" is no type of geometry', { type: 'Circle', coordinates: [] }],
    ['has no type', {}],
    ['no field geometry', 'POINT(16 48)'],
  ])('is a fault where it is broken: %s', (message, geometry) => {
    expect(judge(geometry)).toEqual({ ok: false, message: expect.stringContaining(message) })
  })

  it('is a fault where it is nested without end', () => {
    let geometry: Json = { type: 'Point', coordinates: [16.5, 48.5] }
    for (let depth = 0; depth < 100; depth += 1) geometry = { type: 'GeometryCollection', geometries: [geometry] }
    expect(judge(geometry).message).toContain('nested too deep')
  })

  it('of a ring with more positions than a call takes arguments is still judged', () => {
    const long = Array.from({ length: 300_000 }, () => [16.5, 48.5])
    expect(judge({ type: 'Polygon', coordinates: [long] }).ok).toBe(true)
  })
})

describe('a bbox across the antimeridian', () => {
  /** Quarters of a degree: a turn more or less is exact. */
  const degrees = fc.integer({ min: -720, max: 720 }).map((quarters) => quarters / 4)

  it.each([
    [[178, -17], true],
    [[-179, -17], true],
    [[180, -17], true],
    [[-180, -17], true],
    [[181, -17], true],
    [[-182, -17], true],
    [[176, -17], false],
    [[-177, -17], false],
    [[0, -17], false],
    [[179, -21], false],
  ])('%j lies in it: %j', (coordinates, ok) => {
    expect(judge({ type: 'Point', coordinates }, fiji).ok).toBe(ok)
  })

  it('holds the same positions however longitudes are counted', () => {
    fc.assert(
      fc.property(degrees, degrees, degrees, (west, east, x) => {
        const extent = { west, south: -90, east, north: 90, isGeographic: true }
        const [here, there] = [holds(extent, [x, 0], 1e-9), holds(extent, [x <= 0 ? x + 360 : x - 360, 0], 1e-9)]
        expect(there).toBe(here)
      }),
    )
  })

  it('together with the bbox that goes the other way round, it holds every position', () => {
    fc.assert(
      fc.property(degrees, degrees, degrees, (west, east, x) => {
        fc.pre(west !== east)
        const box = { south: -90, north: 90, isGeographic: true }
        const both = [
          holds({ ...box, west, east }, [x, 0], 1e-9),
          holds({ ...box, west: east, east: west }, [x, 0], 1e-9),
        ]
        expect(both).toContain(true)
      }),
    )
  })
})

describe('the extent of a collection', () => {
  const of = (bbox: Json, crs?: string) =>
    extentOf({ extent: { spatial: { bbox, ...(crs === undefined ? {} : { crs }) } } })

  it('is its first bbox; of six numbers the heights are left out', () => {
    expect(
      of([
        [16, 48, 17, 49],
        [0, 0, 1, 1],
      ]),
    ).toEqual(vienna)
    expect(of([[16, 48, -5, 17, 49, 900]])).toEqual(vienna)
  })

  it('is in degrees where it names CRS84, and in something else where it names that', () => {
    expect(of([[16, 48, 17, 49]], 'http://www.opengis.net/def/crs/OGC/1.3/CRS84')).toEqual(vienna)
    expect(of([[16, 48, 17, 49]], 'http://www.opengis.net/def/crs/OGC/0/CRS84h')).toEqual(vienna)
    expect(of([[1, 2, 3, 4]], 'http://www.opengis.net/def/crs/EPSG/0/31256')).toMatchObject({ isGeographic: false })
  })

  it.each<[string, Json, string?]>([
    ['no list of four or six numbers', [[16, 48, 17]]],
    ['no list of four or six numbers', [16, 48, 17, 49]],
    ['no list of four or six numbers', [['16', 48, 17, 49]]],
    ['no list of four or six numbers', []],
    ['south above its north', [[16, 49, 17, 48]]],
    ['west beyond its east', [[17, 48, 16, 49]], 'http://www.opengis.net/def/crs/EPSG/0/31256'],
  ])('%s: %j', (fault, bbox, crs) => {
    expect(of(bbox, crs)).toContain(fault)
  })

  it('may be missing', () => {
    expect([extentOf({}), extentOf({ extent: {} }), extentOf({ extent: { spatial: { bbox: null } } })]).toEqual([
      null,
      null,
      null,
    ])
  })
})
