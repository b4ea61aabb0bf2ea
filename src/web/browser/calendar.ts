/** Days as the viewer's calendar has them. Pure, but for the zone of the computer. */
import type { Instant } from '../../core/vocabulary.ts'

/** The viewer's midnight of the day of `at`, and those of the days after: `count + 1` moments. Days of a changed clock are longer or shorter. */
export function midnights(at: Instant, count: number): readonly Instant[] {
  const day = new Date(at)
  return Array.from({ length: count + 1 }, (_, ahead) =>
    new Date(day.getFullYear(), day.getMonth(), day.getDate() + ahead).getTime(),
  )
}
