/** Lets at most `limit` tasks run at once; the others wait their turn, first come first served. */
export interface Limiter {
  run<Value>(task: () => Promise<Value>): Promise<Value>
}

export function createLimiter(limit: number): Limiter {
  const waiting: (() => void)[] = []
  let running = 0
  return {
    async run(task) {
      if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve))
      else running += 1
      try {
        return await task()
      } finally {
        const next = waiting.shift()
        if (next === undefined) running -= 1
        else next()
      }
    },
  }
}
