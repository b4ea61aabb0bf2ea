import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { knownSecrets } from '../../src/adapters/known-secrets.ts'
import { createLog, type LogOptions } from '../../src/adapters/log-pino.ts'
import type { Log } from '../../src/ports/log.ts'

const CANARY = 'c4n4ry+/"\\ü\u0007-of the log'

function logged(work: (log: Log) => void, options: Partial<LogOptions> = {}) {
  const lines: string[] = []
  work(createLog({ level: 'debug', destination: { write: (line) => lines.push(line) }, ...options }))
  return { text: lines.join(''), lines, events: lines.map((line): Record<string, unknown> => JSON.parse(line)) }
}

function hiding(...values: readonly string[]) {
  const secrets = knownSecrets()
  for (const value of values) secrets.add(value)
  return secrets
}

describe('a log line', () => {
  it('is one JSON object with level, ISO time, fields and message', () => {
    const { text, events } = logged((log) => log.info({ environment: 'dev', count: 3 }, 'deployed'))
    expect(text).toMatch(/^\{.*\}\n$/)
    expect(events).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        environment: 'dev',
        count: 3,
        msg: 'deployed',
      },
    ])
  })

  it('below the level is not written', () => {
    const work = (log: Log) => {
      log.debug({}, 'debug')
      log.info({}, 'info')
      log.warn({}, 'warn')
      log.error({}, 'error')
    }
    const written = (level: LogOptions['level']) => logged(work, { level }).events.map(({ msg }) => msg)
    expect([written('debug'), written('warn'), written('silent')]).toEqual([
      ['debug', 'info', 'warn', 'error'],
      ['warn', 'error'],
      [],
    ])
  })

  it('of a child carries what all its forebears were given, the nearest last', () => {
    const { events } = logged((log) =>
      log.child({ environment: 'dev', step: 1 }).child({ step: 2 }).warn({ n: 1 }, 'x'),
    )
    expect(events).toMatchObject([{ environment: 'dev', step: 2, n: 1 }])
  })

  it('of an error says what it is, without stack or cause', () => {
    const error = new Error('no answer', { cause: new Error('git -c token=CANARY') })
    const { text } = logged((log) => log.error({ error }, 'failed'))
    expect(text).toContain('"error":"Error: no answer"')
    expect(text).not.toMatch(/CANARY|log-pino\.test/)
  })

  it('of data that holds itself ends', () => {
    const ring: { name: string; self?: object } = { name: 'ring' }
    ring.self = ring
    const { text } = logged((log) => log.info({ ring, big: 1n }, 'x'))
    expect(text).toContain('(nested too deep)')
    expect(text).toContain('"big":"1"')
  })

  it('stays one line, and acts on no terminal, whatever text is in it', () => {
    const hostile = '\r\n{"level":"info"}\u001b]0;x\u0007\u009b31m\u2028\u202e\u200b\u007f\ufeff'
    const text = fc.oneof(fc.constant(hostile), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(text, text, (one, other) => {
        const { text: line, events } = logged((log) => log.child({ bound: one }).info({ [`k${other}`]: other }, one))
        expect(line.endsWith('\n')).toBe(true)
        expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028-\u202e\u200b-\u200f\u2066-\u2069\ufeff]/u)
        expect(events).toHaveLength(1)
        expect(events[0]?.['msg']).toBe(one)
      }),
    )
  })
})

describe('a secret', () => {
  it.each(['password', 'token', 'secret', 'authorization', 'apiKey', 'credentials', 'connectionString'])(
    'in a field called %s is hidden down to the third level, of a child too',
    (field) => {
      const { text } = logged((log) => {
        log.info({ [field]: CANARY }, 'x')
        log.info({ a: { [field]: CANARY } }, 'x')
        log.info({ a: { b: { [field]: { deep: CANARY } } } }, 'x')
        log.child({ [field]: CANARY, a: { [field]: CANARY } }).info({}, 'x')
      })
      expect(text).not.toContain('c4n4ry')
      expect(text.match(/\(hidden\)/g)).toHaveLength(5)
    },
  )

  it('that is known appears nowhere: message, fields, keys, lists, errors, bound fields; as it is or encoded', () => {
    const bytes = Buffer.from(CANARY)
    const forms = [
      CANARY,
      JSON.stringify({ echoed: CANARY }),
      encodeURIComponent(CANARY),
      bytes.toString('base64'),
      bytes.toString('base64url'),
    ]
    for (const form of forms) {
      const text = `before ${form} after`
      const { lines } = logged(
        (log) => {
          log.info({}, text)
          log.info({ a: text, b: [text, { c: text }], [text]: 1, e: new Error(text) }, 'x')
          log
            .child({ url: text })
            .child({ deep: { er: text } })
            .error({}, 'x')
        },
        { secrets: hiding(CANARY) },
      )
      expect(lines.join('')).not.toMatch(/c4n4ry|YzRuNHJ5/)
      expect(lines.join('').match(/before [^ ]*\(hidden\)[^ ]* after/g)).toHaveLength(8)
    }
  })

  it('that becomes known after a child was made is hidden in what the child was given', () => {
    const secrets = knownSecrets()
    const { text } = logged(
      (log) => {
        const child = log.child({ url: `https://${CANARY}@h` })
        secrets.add(CANARY)
        child.info({}, 'x')
      },
      { secrets },
    )
    expect(text).toContain('"url":"https://(hidden)@h"')
  })

  it('that contains another one leaves no rest behind', () => {
    const { text } = logged((log) => log.info({}, 'key abcdefgh.'), { secrets: hiding('abcd', 'abcdefgh') })
    expect(text).toContain('"msg":"key (hidden)."')
  })

  it('of several lines is hidden line by line', () => {
    const key = '-----BEGIN KEY-----\nAAAAB3NzaC1yc2EAAAADAQABAAAC\n-----END KEY-----'
    const { text } = logged((log) => log.info({}, 'ssh said: AAAAB3NzaC1yc2EAAAADAQABAAAC'), { secrets: hiding(key) })
    expect(text).toContain('ssh said: (hidden)')
  })

  it('whatever it is, each line stays JSON and does not hold it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), fc.string(), fc.string(), (secret, before, after) => {
        const message = `${before}${secret}${after}`
        const { events } = logged((log) => log.info({ ok: true, n: 2026, m: message }, message), {
          secrets: hiding(secret),
        })
        expect(events).toMatchObject([{ ok: true, n: 2026 }])
        const rest = JSON.stringify([events[0]?.['m'], events[0]?.['msg']])
        if (!'(hidden)'.includes(secret) && !`${before}(hidden)${after}`.includes(secret))
          expect(rest).not.toContain(JSON.stringify(secret).slice(1, -1))
      }),
    )
  })

  it('shorter than four characters is not looked for: it would be found everywhere', () => {
    expect(logged((log) => log.info({}, 'abcabc'), { secrets: hiding('abc', '') }).text).toContain('abcabc')
  })
})
