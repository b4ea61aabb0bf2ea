import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bug } from './list.ts'

const ROOT = new URL('../../..', import.meta.url).pathname
/** All that a simulation needs. */
const PARTS = ['src', 'machines', 'test/simulation', 'test/support', 'package.json', 'tsconfig.json'] as const

/** A copy of the sources with one bug in it. */
export interface Planted {
  readonly folder: string
  remove(): void
}

/** Plants the bug into a copy of the sources. Throws when the place is not there exactly once. */
export function plant(bug: Bug): Planted {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'))
  for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const path = join(folder, bug.file)
  writeFileSync(path, withBug(readFileSync(path, 'utf8'), bug))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The text of the bug's file as it is in the sources. */
export function sourceOf({ file }: Bug): string {
  return readFileSync(join(ROOT, file), 'utf8')
}

/** The text with the bug in it. Throws when the place is not there exactly once. */
export function withBug(text: string, { name, file, find, replace }: Bug): string {
  const parts = text.split(find)
  if (parts.length !== 2) throw new Error(`"${name}": the place is ${parts.length - 1} times in ${file}`)
  return parts.join(replace)
}
