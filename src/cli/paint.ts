/** Colours that every terminal has; without colour, the text as it is. Colour never says anything that the words do not. */
export interface Paint {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly red: (text: string) => string
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
  readonly cyan: (text: string) => string
}

export function makePaint(isColoured: boolean): Paint {
  const code = (on: number, off: number) => (text: string) => (isColoured ? `\u001b[${on}m${text}\u001b[${off}m` : text)
  return {
    bold: code(1, 22),
    dim: code(2, 22),
    red: code(31, 39),
    green: code(32, 39),
    yellow: code(33, 39),
    cyan: code(36, 39),
  }
}
