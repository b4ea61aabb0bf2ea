import { describe, expect, it } from 'vitest'
import { bugs } from './list.ts'
import { sourceOf, withBug } from './plant.ts'

describe('the bugs that the simulation must find', () => {
  it('are twenty-five or more, each of another name', () => {
    expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length)
    expect(bugs.length).toBeGreaterThanOrEqual(25)
  })

  it.each(bugs.map((bug) => [bug.name, bug] as const))('have their place in the sources: %s', (_, bug) => {
    const text = sourceOf(bug)
    expect(withBug(text, bug)).not.toBe(text)
  })
})
