/** Reading contexts that may come from a file of anybody: nothing in them is what a type promises. */
import { concealed } from '../../core/diff/conceal.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { dateTime, shown } from '../parts/words.ts'

export function fieldOf(value: Json | undefined, key: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

/** The plan that is carried out, or else the one that was made last. */
export function planOf(context: JsonObject): Json | undefined {
  return fieldOf(context['attempt'], 'plan') ?? context['plan']
}

/** A value in one line. */
export function inLine(value: Json | undefined): string {
  if (value === undefined || value === null) return '–'
  return shown(typeof value === 'string' ? value : JSON.stringify(value))
}

/** A value in short: digests by their beginning, moments in the viewer's zone, of objects what is set. */
export function gist(value: Json | undefined, pointer = '', depth = 0): string {
  if (value === undefined || value === null) return '–'
  if (isMoment(pointer, value)) return dateTime(value)
  if (typeof value === 'string' && DIGEST.test(value)) return value.slice(0, 12)
  if (Array.isArray(value)) return value.length === 0 ? 'empty' : `${value.length} listed`
  if (!isJsonObject(value)) return shown(String(value))
  if (depth > 0) return '…'
  const set = Object.entries(value).filter(([, field]) => field !== null)
  return set.map(([key, field]) => `${shown(key)} ${gist(field, `/${key}`, depth + 1)}`).join(', ') || 'empty'
}

const DIGEST = /^[0-9a-f]{40,64}$/

/** A value over many lines, each without acting characters, and no secret in the clear. */
export function inLines(value: Json): string {
  return JSON.stringify(concealed(value), null, 2).split('\n').map(shown).join('\n')
}

const MOMENT_NAME = /(?:At|\/since|\/until|\/at)$/
/** From 2001 on: smaller numbers are no moments of ours. */
const MOMENT_MIN = 1e12

/** Whether a field holds a moment, by its name and its size. */
export function isMoment(pointer: string, value: Json): value is number {
  return typeof value === 'number' && MOMENT_NAME.test(pointer) && value >= MOMENT_MIN && value <= 8.64e15
}

export function withoutOwed({ owed: _owed, ...rest }: JsonObject): JsonObject {
  return rest
}

/** A moment as `datetime-local` fields write it, in the viewer's zone, to the second. */
export function localTime(at: number): string {
  const date = new Date(at)
  const two = (part: number) => String(part).padStart(2, '0')
  const day = [String(date.getFullYear()).padStart(4, '0'), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day}T${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`
}

/** Whose journal a bundle is, as a name for files and headings. */
export function actorOf({ stream }: { readonly stream: string }): string {
  return stream.replace(/^environment\//, '').replace(/[^\p{L}\p{N}._-]/gu, '-') || 'journal'
}
