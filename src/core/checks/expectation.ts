/** What a number is expected to be, as Honua's health checks say it: `> 0` (HONUA-API §1.4). */
export interface Expectation {
  readonly is: '>' | '>=' | '<' | '<=' | '=' | '!='
  readonly than: number
}

const FORM = /^\s*(>=|<=|!=|==|=|>|<)\s*(\d{1,15})\s*$/

/** Null for what is no expectation. */
export function parseExpectation(text: string): Expectation | null {
  const [, sign = '', digits = ''] = FORM.exec(text) ?? []
  const is = sign === '==' ? '=' : SIGNS.find((one) => one === sign)
  return is === undefined ? null : { is, than: Number(digits) }
}

const SIGNS = ['>', '>=', '<', '<=', '=', '!='] as const

/** Whether every number from `least` to `most` is as expected; null when some are and some are not. */
export function meets({ is, than }: Expectation, least: number, most: number): boolean | null {
  const [low, high] = [test(is, least, than), test(is, most, than)]
  switch (is) {
    case '>':
    case '>=':
    case '<':
    case '<=':
      return low === high ? low : null
    case '=':
      return least === most ? low : least > than || most < than ? false : null
    case '!=':
      return least === most ? low : least > than || most < than ? true : null
  }
}

function test(is: Expectation['is'], value: number, than: number): boolean {
  switch (is) {
    case '>':
      return value > than
    case '>=':
      return value >= than
    case '<':
      return value < than
    case '<=':
      return value <= than
    case '=':
      return value === than
    case '!=':
      return value !== than
  }
}
