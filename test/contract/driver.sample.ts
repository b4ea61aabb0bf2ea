/** The resources that the contract is tried with: of a kind that the target holds. */
import type { JsonObject } from '../../src/core/json.ts'
import type { Resource } from '../../src/core/vocabulary.ts'
import { aTheme } from './driver.requests.ts'

export interface SampleFields {
  /** A number that can be changed. */
  readonly size?: number
  /** A text, where a `${NAME}` may stand. */
  readonly text?: string
}

export interface Sample {
  readonly of: (name: string, fields?: SampleFields) => Resource
  readonly sizeOf: (spec: JsonObject) => unknown
  readonly textOf: (spec: JsonObject) => unknown
  /** Labels, annotations and any JSON come back as they were; else the target has fields of its own alone. */
  readonly isFree: boolean
  readonly nameLengthMax: number
  /** How the target's secrets come back: as they are, as they are in one place that hides them, or not at all. */
  readonly secrets: 'anywhere' | 'one place' | 'never read back'
}

/** A kind that takes whatever it is given. */
export const themes: Sample = {
  of: (name, { size, text } = {}) =>
    aTheme(name, { ...(size === undefined ? {} : { size }), ...(text === undefined ? {} : { dsn: text }) }),
  sizeOf: ({ size }) => size,
  textOf: ({ dsn }) => dsn,
  isFree: true,
  nameLengthMax: 200,
  secrets: 'anywhere',
}
