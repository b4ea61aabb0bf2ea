import { visible } from '../core/render/index.ts'
import type { Output } from './output.ts'

/** `Name:   value` lines for people, tab-separated in a pipe; facts without a value are left out. Values are made safe here. */
export function factLines(facts: readonly (readonly [name: string, value: string])[], out: Output): readonly string[] {
  const told = facts.filter(([, value]) => value !== '')
  const width = Math.max(...told.map(([name]) => name.length)) + 2
  return told.map(([name, value]) =>
    out.isTerminal
      ? `${out.paint.dim(`${name}:`.padEnd(width))}${visible(value)}`
      : `${name.toLowerCase()}\t${visible(value)}`,
  )
}
