import { type LexFault, lex, type Token } from './lexer.ts'

/** One statement of a text, without the semicolon that ends it. */
export interface Statement {
  readonly sql: string
  /** Where it begins in the text, in UTF-16 units: at its first word. */
  readonly start: number
  /** Without comments. */
  readonly tokens: readonly Token[]
  /** Comments before and in it. One behind the last semicolon, on its line, is of the statement before. */
  readonly comments: readonly Token[]
}

export type Split =
  | { readonly ok: true; readonly statements: readonly Statement[] }
  | ({ readonly ok: false } & LexFault)

/**
 * Splits a text at its semicolons as psql does: not inside parentheses, nor in the body of a routine in standard form
 * (`CREATE FUNCTION … BEGIN ATOMIC …; END`). Each is sent alone and as one, so that the server refuses what was split wrongly.
 */
export function splitStatements(sql: string): Split {
  const lexed = lex(sql)
  if (!lexed.ok) return lexed
  const statements: Statement[] = []
  let tokens: Token[] = []
  let comments: Token[] = []
  let depth = 0
  let bodies = 0
  let lastEnd: number | null = null
  const finish = () => {
    const [first, last] = [tokens[0], tokens.at(-1)]
    if (first !== undefined && last !== undefined)
      statements.push({ sql: sql.slice(first.start, last.end), start: first.start, tokens, comments })
    tokens = []
    comments = []
  }
  for (const one of lexed.tokens) {
    if (one.kind === 'comment') {
      const isBehind = tokens.length === 0 && lastEnd !== null && !/[\n\r]/.test(sql.slice(lastEnd, one.start))
      if (!isBehind) comments.push(one)
      continue
    }
    if (one.text === '(') depth += 1
    else if (one.text === ')') depth = Math.max(0, depth - 1)
    else if (one.text === ';' && depth === 0 && bodies === 0) {
      finish()
      lastEnd = one.end
      continue
    } else if (one.kind === 'word') bodies += bodyStep(tokens, one.text, depth, bodies)
    tokens.push(one)
  }
  finish()
  return { ok: true, statements }
}

/** How a word opens or closes the body of a routine. */
function bodyStep(before: readonly Token[], word: string, depth: number, bodies: number): number {
  if (word === 'BEGIN') return depth === 0 && isRoutine(before) ? 1 : 0
  if (bodies === 0) return 0
  return word === 'CASE' ? 1 : word === 'END' ? -1 : 0
}

function isRoutine(tokens: readonly Token[]): boolean {
  const words = tokens.slice(0, 4).map(({ text }) => text)
  const what = words[1] === 'OR' && words[2] === 'REPLACE' ? words[3] : words[1]
  return words[0] === 'CREATE' && (what === 'FUNCTION' || what === 'PROCEDURE')
}
