import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { firstLoadBytes, firstScripts } from '../../support/web/first-load.ts'

const BUILT = new URL('../../../dist/web', import.meta.url).pathname
const files = readdirSync(BUILT, { recursive: true, encoding: 'utf8' })
const textOf = (name: string) => readFileSync(join(BUILT, name), 'utf8')
const named = (end: string) => files.filter((name) => name.endsWith(end))

describe('the built pages', () => {
  it('load at most 200 kB of packed script before the overview is there', () => {
    expect(firstScripts(BUILT).length).toBeGreaterThan(0)
    expect(firstLoadBytes(BUILT)).toBeLessThanOrEqual(200_000)
    expect(firstLoadBytes(BUILT)).toBeGreaterThan(20_000)
  })

  it('are built for people, not for developers', () => {
    expect(named('.js').filter((name) => /react-dom-client\.development|Warning: /.test(textOf(name)))).toEqual([])
  })

  it('need no script or style inside HTML, which the content policy refuses', () => {
    const pages = named('.html')
    expect(pages).toContain('index.html')
    for (const name of pages) {
      const html = textOf(name)
      expect(html, name).toMatch(/<script[^>]* src="[^"]+\.js"/)
      expect([...html.matchAll(/<script(?![^>]* src=)[^>]*>/g)], name).toEqual([])
      expect(html, name).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i)
    }
  })

  it('make no HTML or program from text, and load nothing from elsewhere', () => {
    const scripts = named('.js')
    expect(scripts.length).toBeGreaterThan(5)
    for (const name of scripts) {
      const text = textOf(name)
      expect(text, name).not.toMatch(/\beval\(|\bnew Function\(|document\.write\(|insertAdjacentHTML/)
      // React names it, for a property that no page of ours uses: the policy on trusted types refuses it besides.
      expect(text, name).not.toMatch(/dangerouslySetInnerHTML:\{/)
      expect(text, name).not.toMatch(/\b(?:import|from)\s*\(?["']https?:/)
    }
    for (const name of named('.css')) {
      expect(textOf(name), name).not.toMatch(/@import|url\(\s*["']?(?:https?:)?\/\//)
    }
  })

  it('hold nothing but what the server gives out', () => {
    const kinds = new Set(files.filter((name) => name.includes('.')).map((name) => name.slice(name.lastIndexOf('.'))))
    expect([...kinds].sort()).toEqual(['.css', '.html', '.js', '.svg'])
  })
})
