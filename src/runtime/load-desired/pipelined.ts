/** Runs `task` on every item, at most `width` at once, results in order. Starts no further item after the first failure, and throws it. */
export async function pipelined<Item, Result>(
  items: readonly Item[],
  width: number,
  task: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  let next = 0
  let failed = false
  const work = async () => {
    while (next < items.length && !failed) {
      const at = next
      next += 1
      const item = items[at]
      if (item === undefined) continue
      try {
        results[at] = await task(item)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, work))
  return results
}
