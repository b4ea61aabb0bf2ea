import { describe, expect, it } from 'vitest'
import {
  certificateFault,
  collectionFault,
  collectionsFault,
  conformanceFault,
  inputsFault,
  judgeItems,
  landingFault,
  meets,
  parseExpectation,
  percentileOf,
  staleness,
} from '../../../src/core/checks/index.ts'
import type { Json } from '../../../src/core/json.ts'

describe('a number that is expected', () => {
  it.each([
    ['> 0', 1, true],
    ['> 0', 0, false],
    ['>=3', 3, true],
    ['< 3', 3, false],
    ['<= 3', 3, true],
    ['= 3', 3, true],
    ['== 3', 4, false],
    ['!= 3', 4, true],
  ])('%s of %d: %j', (text, value, expected) => {
    const expectation = parseExpectation(text)
    expect(expectation !== null && meets(expectation, value, value)).toBe(expected)
  })

  it('is no expectation without a sign and a whole number', () => {
    expect(['', '0', '> x', '> 0.5', '=> 1', '> 0 or so'].map(parseExpectation)).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
    ])
  })

  it('of which only bounds are known, may be told, or not', () => {
    const of = (text: string) => {
      const expectation = parseExpectation(text)
      return expectation === null ? undefined : meets(expectation, 1, Number.POSITIVE_INFINITY)
    }
    expect([of('> 0'), of('> 5'), of('= 0'), of('= 5'), of('!= 0'), of('< 1'), of('<= 4')]).toEqual([
      true,
      null,
      false,
      null,
      true,
      false,
      null,
    ])
  })
})

const link = (rel: string) => ({ rel, href: '/x' })

describe('documents of an OGC API', () => {
  it('a landing page leads to definition, conformance and data, by short names or long ones', () => {
    const links = [link('service-doc'), link('http://www.opengis.net/def/rel/ogc/1.0/conformance'), link('data')]
    expect(landingFault({ links })).toBeNull()
    expect(landingFault({ links: links.slice(0, 2) })).toBe('no link data')
    expect(landingFault({ links: [{ rel: 'data' }] })).toBe(
      'no link service-desc or service-doc, no link conformance, no link data',
    )
    expect([landingFault([]), landingFault(undefined)]).toEqual(['no list of links', 'no list of links'])
  })

  it('conformance names every class that is asked for', () => {
    expect(conformanceFault({ conformsTo: ['a', 'b'] }, ['b'])).toBeNull()
    expect(conformanceFault({ conformsTo: ['a'] }, ['b', 'c'])).toBe('it does not conform to b, c')
    expect(conformanceFault({}, [])).toBe('no list conformsTo')
  })

  it('collections have ids, and a collection is the one that was asked for', () => {
    expect([
      collectionsFault({ collections: [{ id: 'a' }] }),
      collectionsFault({ collections: [{}] }),
      collectionsFault({}),
    ]).toEqual([null, 'a collection without an id', 'no list of collections'])
    expect(collectionFault({ id: 'city::a', links: [link('items')] }, 'city::a')).toBeNull()
    expect(collectionFault({ id: 'b', links: [] }, 'a')).toBe('it is the collection "b"')
    expect(collectionFault({ id: 'a', links: [] }, 'a')).toBe('no link items')
  })

  it.each<[string, Json, boolean]>([
    ['1 item', { features: [{ type: 'Feature' }], numberMatched: 1 }, true],
    ['812 items', { features: [{ type: 'Feature' }], numberMatched: 812, numberReturned: 1 }, true],
    ['1 or more items', { features: [{ type: 'Feature' }] }, true],
    ['0 items instead of > 0', { features: [] }, false],
    ['numberReturned is 2, and 1 came', { features: [{ type: 'Feature' }], numberReturned: 2 }, false],
    ['a feature that is none', { features: [7] }, false],
    ['no FeatureCollection', { features: 'none' }, false],
  ])('items: %s', (message, fields, ok) => {
    const document = typeof fields === 'object' ? { type: 'FeatureCollection', ...fields } : null
    expect(judgeItems(document, { is: '>', than: 0 })).toMatchObject({ ok, message })
  })

  it('a number that an API does not tell is no guess', () => {
    const document = { type: 'FeatureCollection', features: [{ type: 'Feature' }] }
    expect(judgeItems(document, { is: '>', than: 5 })).toMatchObject({
      ok: false,
      message: expect.stringContaining('cannot be told'),
    })
  })
})

describe('an answer of before', () => {
  const times = { tookMs: 100, age: null, date: null, writtenDate: null }
  it('is shown by its age, when that is more than the question took', () => {
    expect(staleness({ ...times, age: '1' })).toContain('a cache answered')
    expect([staleness(times), staleness({ ...times, age: '0' }), staleness({ ...times, age: 'old' })]).toEqual([
      null,
      null,
      null,
    ])
    expect(staleness({ ...times, tookMs: 1500, age: '1' })).toBeNull()
  })

  it('is shown by its date, when the last write was answered later by the same clock', () => {
    const writtenDate = 'Mon, 05 Jan 2026 08:00:10 GMT'
    expect(staleness({ ...times, date: 'Mon, 05 Jan 2026 08:00:00 GMT', writtenDate })).toContain(
      'before the last write',
    )
    expect(staleness({ ...times, date: 'Mon, 05 Jan 2026 08:00:09 GMT', writtenDate })).toBeNull()
    expect(staleness({ ...times, date: 'yesterday', writtenDate })).toBeNull()
  })
})

describe('a certificate', () => {
  const now = Date.UTC(2026, 0, 5)
  const until = (day: number) => certificateFault({ distrust: null, endsAt: Date.UTC(2026, 0, day) }, now, 14)
  it('must be trusted and good for some days', () => {
    expect([until(19), until(18), until(4)]).toEqual([
      null,
      'it ends on 2026-01-18, in less than 14 days',
      'it ended on 2026-01-04',
    ])
    expect(certificateFault({ distrust: 'self-signed', endsAt: now * 2 }, now, 0)).toBe(
      'it is not trusted: self-signed',
    )
    expect(certificateFault({ distrust: null, endsAt: Number.NaN }, now, 0)).toBe('its end cannot be read')
  })
})

describe('a percentile', () => {
  it('is the smallest value that enough others are not above', () => {
    const values = Array.from({ length: 20 }, (_, at) => 20 - at)
    expect([95, 100, 50, 1].map((percent) => percentileOf(values, percent))).toEqual([19, 20, 10, 1])
    expect(percentileOf([], 95)).toBeUndefined()
  })
})

describe('inputs of checking steps', () => {
  it.each([
    ['ogc-conformance-test', { expected: '>= 3', tolerance: 0, count: 2, interval: '1s' }, null],
    ['ogc-conformance-test', { expeted: '> 0' }, 'with.expeted is not known; did you mean "expected"?'],
    ['ogc-conformance-test', { expected: 'many' }, 'with.expected must be an expectation such as "> 0"'],
    [
      'smoke-tests',
      { requests: [{ path: 'https://elsewhere.example.org' }] },
      'with.requests.0.path must be a path such as /collections',
    ],
    ['smoke-tests', { requests: [{ path: '/', header: 'x' }] }, 'with.requests.0.header is not known'],
    ['performance-benchmark', { limit: '2 s' }, 'with.limit must be a duration such as 30s'],
    ['monitor-errors', { interval: '2h' }, 'with.interval must be at most 1h'],
  ] as const)('%s with %j: %s', (step, inputs, fault) => {
    expect(inputsFault(step, inputs)).toBe(fault)
  })

  it('a wrong type is told at its place', () => {
    expect(inputsFault('verify-ssl', { days: 'many' })).toContain('with.days is not right')
  })
})
