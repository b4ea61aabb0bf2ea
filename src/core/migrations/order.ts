import type { Resource } from '../vocabulary.ts'

/** The number that a migration's name begins with; 0 for a name without one. */
export function numberOf(name: string): number {
  return Number(/^\d+/.exec(name)?.[0] ?? 0)
}

/** Ascending by number: `1000_b` is after `999_a`. */
export function byNumber(a: Pick<Resource, 'name'>, b: Pick<Resource, 'name'>): number {
  return numberOf(a.name) - numberOf(b.name) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
}

/** Those of `migrations` whose number another one has before them, with that one. */
export function twiceNumbered<One extends Resource>(
  migrations: readonly One[],
): readonly { readonly one: One; readonly first: One }[] {
  const firsts = new Map<number, One>()
  return [...migrations].sort(byNumber).flatMap((one) => {
    const first = firsts.get(numberOf(one.name))
    if (first === undefined) {
      firsts.set(numberOf(one.name), one)
      return []
    }
    return [{ one, first }]
  })
}
