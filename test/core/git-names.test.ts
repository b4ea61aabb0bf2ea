import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkBranch, checkGitUrl, displayUrl, isCommitId } from '../../src/core/git-names.ts'

describe('checkGitUrl', () => {
  it.each([
    ['https://git.example.org/gis/city.git', 'https'],
    ['https://git.example.org:8443/gis/city', 'https'],
    ['http://127.0.0.1:3000/city.git', 'http'],
    ['ssh://git@git.example.org:2222/gis/city.git', 'ssh'],
    ['ssh://git.example.org/~gis/city', 'ssh'],
    ['ssh://git@[::1]:22/city.git', 'ssh'],
    ['git@git.example.org:gis/city.git', 'ssh'],
    ['file:///srv/git/city.git', 'file'],
    ['/srv/git/a city.git', 'file'],
  ])('%s is accepted as %s', (url, transport) => {
    expect(checkGitUrl(url)).toEqual({ ok: true, transport, url })
  })

  it.each([
    '',
    ' ',
    '--upload-pack=x',
    '-oProxyCommand=x',
    'ext::sh -c x',
    'EXT::sh',
    'fd::3',
    '::x',
    'file:///',
    'file://host/x',
    'FILE:///x',
    '/',
    '//host/x',
    'ssh://-oProxyCommand=x/y',
    'ssh://a@-oX/y',
    'ssh://-x@host/y',
    'ssh://host/-y',
    'ssh://u:p@host/y',
    '-x@host:y',
    'git@-host:y',
    'git@host:-y',
    'host:path',
    'C:/repo',
    'git@host::x',
    'https://u@host/x',
    'https://u:p@host/x',
    'https://host',
    'https://host/',
    'https:///x',
    'https://host:0/x',
    'https://u:1234/5@host/x',
    'https://host:99999/x',
    'https://host/x?token=y',
    'https://host/x#y',
    'https://host/a b',
    'https://host\\@evil/x',
    'https://host/x%0ahost=evil',
    'https://host/x\nhost=evil',
    'https://host/x\0',
    'https://host/\u202egro.elpmaxe',
    'HTTPS://host/x',
    'git://host/x',
    'ftp://host/x',
    'javascript://host/x',
    'relative/path',
    './x',
    `https://host/${'x'.repeat(3000)}`,
  ])('%j is refused', (url) => {
    expect(checkGitUrl(url)).toMatchObject({ ok: false })
  })

  it('never accepts a text with a control byte, an option or a remote helper', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl({ withQueryParameters: true })), (text) => {
        const check = checkGitUrl(text)
        if (check.ok) expect(check.url).not.toMatch(/[\0-\x1f\x7f]|^-|^[A-Za-z0-9+.-]*::/)
      }),
    )
  })

  it('a refusal never repeats the text', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Z0-9]{12,20}$/),
        fc.constantFrom('https://u:$@h/x', 'ssh://u:$@h/x', 'https://h/x?t=$', 'x://$', '$:x', '$'),
        (secret, form) => {
          const check = checkGitUrl(form.replace('$', secret))
          if (!check.ok) expect(check.reason).not.toContain(secret)
        },
      ),
    )
  })
})

describe('displayUrl', () => {
  it.each([
    ['https://git.example.org/a/b.git', 'https://git.example.org/a/b.git'],
    ['https://git.example.org/@gis/b', 'https://git.example.org/@gis/b'],
    ['https://u:SECRET@git.example.org/a?token=SECRET#SECRET', 'https://git.example.org/a'],
    ['https://SECRET@git.example.org/a', 'https://git.example.org/a'],
    ['https://u:SEC@RET@git.example.org/a', 'https://git.example.org/a'],
    ['https://u:SEC/RET@git.example.org/a', '(invalid URL)'],
    ['https://u:SEC?RET@git.example.org/a', '(invalid URL)'],
    ['https://u:1/SECRET@git.example.org:x/a?y', '(invalid URL)'],
    ['ssh://git@git.example.org:22/a', 'ssh://git.example.org:22/a'],
    ['git@git.example.org:a/b.git', 'git.example.org:a/b.git'],
    ['file:///srv/git/a.git', 'file:///srv/git/a.git'],
    ['/srv/git/a.git', '/srv/git/a.git'],
    ['u:SECRET@host:path', '(invalid URL)'],
    ['SECRET', '(invalid URL)'],
    ['https://h/\u001b]0;x', '(invalid URL)'],
  ])('%j is shown as %j', (url, shown) => {
    expect(displayUrl(url)).toBe(shown)
  })

  it('no password in any position of a web URL is shown', () => {
    const secret = 'S3CR3Tq'
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), fc.string({ unit: 'grapheme-ascii' }), (before, after) => {
        expect(displayUrl(`https://u:${before}${secret}${after}@git.example.org/a`)).not.toContain(secret)
      }),
    )
  })
})

describe('checkBranch', () => {
  it.each(['main', 'release/2026.1', 'größe', 'a-b_c', 'feature/@x', 'v1.0-rc'])('%j is accepted', (name) => {
    expect(checkBranch(name)).toEqual({ ok: true, branch: name })
  })

  it.each([
    '',
    '-x',
    'a..b',
    'refs/heads/../../x',
    'refs/heads/main',
    '@{',
    'a@{1}',
    '@',
    'HEAD',
    '/a',
    'a/',
    'a//b',
    '.a',
    'a/.b',
    'a.lock',
    'a.lock/b',
    'a.',
    'a b',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a*',
    'a[b',
    'a\\b',
    'a\nb',
    'a\0',
    'a\u007f',
    'a\u009b',
    'a\u202eb',
    'x'.repeat(201),
  ])('%j is refused', (name) => {
    expect(checkBranch(name)).toMatchObject({ ok: false })
  })

  it('accepts nothing that git itself refuses', () => {
    const part = fc.string({ unit: fc.constantFrom(...'abz.-_@{}~^:/\\*?[ \t#+=ü'), maxLength: 8 })
    fc.assert(
      fc.property(part, (name) => {
        if (!checkBranch(name).ok) return
        expect(spawnSync('git', ['check-ref-format', '--branch', name]).status).toBe(0)
      }),
      { numRuns: 150 },
    )
  })
})

describe('isCommitId', () => {
  it('takes 40 or 64 lower-case hex characters and nothing else', () => {
    expect(isCommitId('a'.repeat(40))).toBe(true)
    expect(isCommitId('0f'.repeat(32))).toBe(true)
    for (const text of [
      '',
      'a'.repeat(39),
      'a'.repeat(41),
      'A'.repeat(40),
      '0'.repeat(40),
      `${'a'.repeat(40)}\n`,
      'main',
    ])
      expect(isCommitId(text)).toBe(false)
  })
})
