/** Reading contexts that may come from a file of anybody: nothing in them is what a type promises. */
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { shown } from '../parts/words.ts'

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

/** A value over many lines, each without acting characters. */
export function inLines(value: Json): string {
  return JSON.stringify(value, null, 2).split('\n').map(shown).join('\n')
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
