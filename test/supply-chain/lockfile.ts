/** One package of the lockfile. */
export interface Package {
  /** Where it lies, e.g. `node_modules/yaml`. */
  readonly path: string
  readonly name: string
  readonly version: string
  /** Subresource integrity of its archive; empty when the lockfile has none. */
  readonly integrity: string
  /** Where its archive comes from; null where the lockfile leaves that to the registry in use. */
  readonly resolved: string | null
  readonly licence: string
  /** Needed for building and testing only. */
  readonly dev: boolean
  readonly hasInstallScript: boolean
}

interface Lockfile {
  readonly lockfileVersion: number
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly version: string
        readonly integrity?: string
        /** For a link, the workspace that it leads to. */
        readonly resolved?: string
        readonly link?: boolean
        readonly license?: string
        readonly dev?: boolean
        readonly hasInstallScript?: boolean
      }
    >
  >
}

/** The packages of a lockfile of version 3, without our own and its workspaces. Throws TypeError for another version. */
export function packagesOf({ lockfileVersion, packages }: Lockfile): readonly Package[] {
  if (lockfileVersion !== 3)
    throw new TypeError(`a lockfile of version 3 was expected, this one is of ${lockfileVersion}`)
  const workspaces = new Set(Object.values(packages).flatMap(({ link, resolved }) => (link === true ? [resolved] : [])))
  const isOurs = (path: string) => path === '' || workspaces.has(path) || packages[path]?.link === true
  return Object.entries(packages).flatMap(([path, one]) =>
    isOurs(path)
      ? []
      : [
          {
            path,
            name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
            version: one.version,
            integrity: one.integrity ?? '',
            resolved: one.resolved ?? null,
            licence: one.license ?? 'none stated',
            dev: one.dev === true,
            hasInstallScript: one.hasInstallScript === true,
          },
        ],
  )
}
