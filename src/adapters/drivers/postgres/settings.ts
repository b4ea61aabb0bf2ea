/** What a target of the postgres driver is told. `{environment}` in `host`, `database`, `user` and `backup.folder` is the environment's name. */

/** `secretRef` names a secret, never holds one. */
export type PostgresCredentials =
  | { readonly type: 'password'; readonly secretRef: string }
  /** The whole address: `postgres://user:password@host:port/database`. */
  | { readonly type: 'dsn'; readonly secretRef: string }
  | { readonly type: 'none' }

export interface PostgresTls {
  readonly mode: 'verify' | 'off'
  /** File (PEM) of certificates to trust instead of the machine's own. */
  readonly ca?: string
  readonly client?: { readonly certificate: string; readonly secretRef: string }
}

/** What a table must be. Type and SRID need PostGIS. */
export interface TableCheck {
  /** `parcels` or `gis.parcels` */
  readonly table: string
  readonly geometryColumn?: string
  readonly geometryType?: string
  readonly srid?: number
  readonly minRows?: number
}

/** What the first value of the first row must be: `> 0`, `= ready`. */
export interface QueryCheck {
  readonly name?: string
  readonly sql: string
  readonly expected: string
}

export type PostgresCheck = TableCheck | QueryCheck

export interface BackupSettings {
  readonly folder: string
  /** Backups kept; at least 1. */
  readonly keep: number
  /** Copied where pg_dump cannot be used. */
  readonly tables: readonly string[]
  /** Absolute path; pg_restore lies beside it. */
  readonly pgDump?: string
}

export interface PostgresTarget {
  readonly name: string
  readonly driver: 'postgres'
  /** Host, database and user are there unless the credentials are a `dsn`. A host that begins with `/` is the folder of a Unix socket. */
  readonly host?: string
  readonly port: number
  readonly database?: string
  readonly user?: string
  readonly credentials: PostgresCredentials
  readonly tls: PostgresTls
  readonly connectTimeoutMs: number
  readonly lockTimeoutMs: number
  readonly statementTimeoutMs: number
  /** Absent: no backups are made. */
  readonly backup?: BackupSettings
  readonly analyze: readonly string[]
  readonly reindex: readonly string[]
  readonly checks: readonly PostgresCheck[]
}
