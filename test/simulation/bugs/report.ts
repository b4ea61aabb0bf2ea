import { type Found, hunt } from './hunt.ts'
import { type Bug, bugs } from './list.ts'

export const SECONDS_MAX = 120

/** Hunts every bug, `width` at a time; tells each as it is found. */
export async function huntAll(
  width: number,
  tell: (found: Found) => void,
  chosen: readonly Bug[] = bugs,
): Promise<readonly Found[]> {
  const results: Found[] = []
  const rest = [...chosen]
  const work = async () => {
    for (let bug = rest.shift(); bug !== undefined; bug = rest.shift()) {
      const found = await hunt(bug, SECONDS_MAX)
      results.push(found)
      tell(found)
    }
  }
  await Promise.all(Array.from({ length: width }, work))
  return results
}

/** `found by I5 in seed 3 after 2.1 s   an effect starts before its intent is on disk` */
export function foundText({ bug, found, seconds }: Found): string {
  const how = found === null ? 'NOT FOUND' : `found by ${found.promise} in seed ${found.seed}`
  return `${how.padEnd(28)} after ${seconds.toFixed(1).padStart(6)} s   ${bug.name}${found === null ? '' : ` (${found.message})`}\n`
}
