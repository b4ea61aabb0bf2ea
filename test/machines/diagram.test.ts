import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { diagramPage } from '../../machines/diagram.ts'
import { charts } from '../support/charts.ts'

describe.each(charts)('the diagram of $machine.id', ({ machine, file }) => {
  it('is what the machine draws; if not, run: npm run diagrams', () => {
    expect(readFileSync(file, 'utf8')).toBe(diagramPage(machine))
  })

  it('every state says what it means', () => {
    const untold = Object.values(machine.root.states)
      .flatMap((node) => [node, ...Object.values(node.states)])
      .filter((node) => node.description === undefined)
    expect(untold.map((node) => node.key)).toEqual([])
  })
})
