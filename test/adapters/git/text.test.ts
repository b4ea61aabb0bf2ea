import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { telling, visibleText } from '../../../src/adapters/git/text.ts'

describe('visibleText', () => {
  it('leaves no character that acts, and ordinary text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visibleText(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\p{Cf}]/u)
      }),
    )
    expect(visibleText('Größe 東京 \u001b[31m')).toBe('Größe 東京 \\x1b[31m')
  })
})

describe('telling', () => {
  it('picks the fatal line, and never the words of the server', () => {
    expect(telling('warning: x\nfatal: no way\nremote: fatal: hello\n', [])).toBe('no way')
    expect(telling('error: one\nerror: two\nother\n', [])).toBe('two')
    expect(telling('Host key verification failed.\r\n', [])).toBe('Host key verification failed.')
    expect(telling('', [])).toBe('')
  })

  it('hides secrets and users in URLs wherever they stand', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.stringMatching(/^[A-Za-z0-9+/=]{8,40}$/), (before, after, secret) => {
        expect(telling(`fatal: ${before}${secret}${after}`, [secret])).not.toContain(secret)
      }),
    )
    expect(telling("fatal: unable to access 'https://u:S3CRET@h/x'", [])).toBe("unable to access 'https://h/x'")
  })

  it('is one short line', () => {
    expect(telling(`fatal: ${'x'.repeat(10_000)}`, [])).toHaveLength(300)
  })
})
