/** JSON Pointer (RFC 6901): `~` is `~0`, `/` is `~1`. */

export function pointerTo(parent: string, segment: string | number): string {
  return `${parent}/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** Whether `pointer` lies at or below `pattern`; `*` in the pattern stands for any one segment. */
export function isAtOrBelow(pointer: string, pattern: string): boolean {
  const wanted = pattern.split('/')
  const given = pointer.split('/')
  return wanted.length <= given.length && wanted.every((segment, at) => segment === '*' || segment === given[at])
}
