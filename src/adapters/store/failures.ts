/** The code of a Node or LevelDB error, else what it says of itself. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

/** The innermost reason: LevelDB wraps it in "Database failed to open". */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

/** LevelDB says it in words, Node by a code. */
export function isDiskFull(error: unknown): boolean {
  return chainOf(error).some((one) => {
    const code = codeOf(one)
    return code === 'ENOSPC' || code === 'EDQUOT' || /no space left|disk quota/i.test(one.message)
  })
}

/** LevelDB calls it an IO error, as it does damage. */
export function isWantOfHandles(error: unknown): boolean {
  return chainOf(error).some((one) => /^E[MN]FILE$/.test(codeOf(one)) || /too many open files/i.test(one.message))
}

/** True when an error of this code is the failure or lies beneath it. */
export function hasCode(error: unknown, code: string): boolean {
  return chainOf(error).some((one) => codeOf(one) === code)
}

function chainOf(error: unknown): readonly Error[] {
  const chain: Error[] = []
  for (let one = error; one instanceof Error && !chain.includes(one); one = one.cause) chain.push(one)
  return chain
}
