import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Scenario } from './script.ts'
import { simulate } from './simulate.ts'

const FOLDER = new URL('regressions/', import.meta.url)

/** A history that once broke a promise. */
interface Regression {
  readonly title: string
  readonly scenario: Scenario
}

describe('a history that once broke a promise keeps it now', () => {
  it.each(readdirSync(FOLDER))('%s', async (file) => {
    const { title, scenario }: Regression = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'))
    const { broken } = await simulate(scenario)
    expect(broken, title).toBeNull()
  })
})
