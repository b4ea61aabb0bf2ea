import type { EnvironmentStatus, Facade } from '../../runtime/facade.ts'

/** The environments in the order in which the configuration names them; those that the repository alone has follow, by name. */
export function inOrder(facade: Facade): readonly EnvironmentStatus[] {
  const places = new Map(facade.order().map((name, at) => [name, at]))
  const placeOf = ({ name }: EnvironmentStatus) => places.get(name) ?? places.size
  return facade.environments().toSorted((one, other) => placeOf(one) - placeOf(other))
}
