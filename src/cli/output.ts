import { visible } from '../core/render/index.ts'
import type { Instant } from '../core/vocabulary.ts'
import { jsonText, yamlText } from './data-text.ts'
import type { Io } from './io.ts'
import { makePaint, type Paint } from './paint.ts'
import { tableLines } from './table.ts'
import { iso, relative } from './times.ts'

export type Format = 'text' | 'json' | 'yaml'

export interface OutputOptions {
  readonly format: Format
  /** False: no colour even on a terminal. */
  readonly color: boolean
}

/** Where a command's words go: results on stdout, notes and progress on stderr. */
export class Output {
  readonly format: Format
  readonly isTerminal: boolean
  readonly width: number
  readonly paint: Paint
  readonly isColoured: boolean
  readonly #io: Io

  constructor(io: Io, options: OutputOptions) {
    this.#io = io
    this.format = options.format
    this.isTerminal = io.stdout.isTerminal
    this.width = io.stdout.columns
    this.isColoured = io.stdout.isTerminal && options.color
    this.paint = makePaint(this.isColoured)
  }

  /** The result, in the format asked for; `lines` are for people, already painted and safe. */
  result(value: object, lines: () => readonly string[]): void {
    if (this.format === 'json') this.line(jsonText(value))
    else if (this.format === 'yaml') this.line(yamlText(value))
    else for (const line of lines()) this.line(line)
  }

  /** One of many results: a line a value for programs. */
  async entry(value: object, line: () => string): Promise<void> {
    if (this.format === 'json') this.line(jsonText(value, 0))
    else if (this.format === 'yaml') this.line(`---\n${yamlText(value)}`)
    else this.line(line())
    await this.#io.stdout.drained()
  }

  line(text: string): void {
    this.#io.stdout.write(`${text}\n`)
  }

  /** Progress and hints; never part of the result. */
  note(text: string): void {
    this.#io.stderr.write(`${text}\n`)
  }

  /** Columns on a terminal, tabs and no heading in a pipe. Cells are made safe here. */
  table(heading: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
    const safe = rows.map((row) => row.map(visible))
    if (!this.isTerminal) return safe.map((row) => row.join('\t'))
    return tableLines(heading, safe, { width: this.width, paint: this.paint })
  }

  /** Relative for people, ISO 8601 in a pipe. */
  when(at: Instant | null, none = 'never'): string {
    if (at === null) return none
    return this.isTerminal ? relative(at, this.#io.now()) : iso(at)
  }
}
