/** How wide a text is, without a browser: the widths of Arial, which Helvetica and Liberation Sans share. */
import { TEXT } from './drawing.ts'

/** Thousandths of the font's size. */
const WIDTHS: readonly (readonly [string, number])[] = [
  ['ijl', 222],
  [" ,.:;/ftI[]!'", 278],
  ['r-()', 333],
  ['ckvxyzsJ', 500],
  ['abdeghnopqu0123456789_L?', 556],
  ['FTZ', 611],
  ['ABEKPSVXY', 667],
  ['wCDHNRU', 722],
  ['GOQ', 778],
  ['mM', 833],
  ['→', 1000],
  ['W', 944],
]
const OF = new Map(WIDTHS.flatMap(([letters, width]) => [...letters].map((letter) => [letter, width] as const)))
const OTHER = 722
const BOLD = 1.08

/** Width in the units of the drawing. */
export function textWidth(text: string, style: 'label' | 'title' = 'label'): number {
  const thousandths = [...text].reduce((sum, letter) => sum + (OF.get(letter) ?? OTHER), 0)
  const width = (thousandths / 1000) * TEXT[style]
  return Math.ceil(style === 'title' ? width * BOLD : width)
}

/** The text in lines that are no wider than `most`, broken between words; a single word may be wider. */
export function wrapped(text: string, most: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    const longer = last === undefined ? word : `${last} ${word}`
    if (last !== undefined && textWidth(longer) <= most) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

/** Width of the longest word: no line can be narrower. */
export function wordWidth(text: string): number {
  return Math.max(...text.split(' ').map((word) => textWidth(word)))
}
