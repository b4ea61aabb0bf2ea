import { HonuaError } from './honua-error.ts'

const RESTORE = 'restore the data directory from a backup; what stands there now is left untouched for inquiry'

/** Where in the history something is wrong: a stream's journal, the audit log, or neither. */
export type Place =
  | { readonly in: 'journal' | 'snapshot' | 'base'; readonly stream: string; readonly sequence: number }
  | { readonly in: 'audit' | 'batches'; readonly sequence: number }
  | { readonly in: 'content'; readonly digest: string }
  | { readonly in: 'document'; readonly collection: string; readonly id: string }
  | { readonly in: 'file'; readonly name: string }
  | { readonly in: 'bases' | 'database' }

function told(place: Place): string {
  switch (place.in) {
    case 'journal':
      return `journal of "${place.stream}", entry ${place.sequence}`
    case 'snapshot':
      return `snapshot of "${place.stream}", entry ${place.sequence}`
    case 'base':
      return `begin of the journal of "${place.stream}", behind entry ${place.sequence}`
    case 'bases':
      return 'begins of the journals'
    case 'audit':
      return `audit log, entry ${place.sequence}`
    case 'batches':
      return `write batch ${place.sequence}`
    case 'content':
      return `content ${place.digest}`
    case 'document':
      return `document ${place.collection}/${place.id}`
    case 'file':
      return `database file ${place.name}`
    case 'database':
      return 'database'
  }
}

/** Everything that can go wrong with the controller's own memory. */
export const storeErrors = {
  /** Another process, or this one, already has the store open. `pid` is what the holder wrote down, null when unknown. */
  locked: (p: { dataDir: string; pid: number | null }, cause?: unknown) =>
    new HonuaError(
      'HONUA_STORE_LOCKED',
      'after-config-change',
      `the store in ${p.dataDir} is in use by ${p.pid === null ? 'another process' : p.pid === process.pid ? 'this very process' : `process ${p.pid}`}`,
      'stop the other controller (also a paused one), or give this one a spec.dataDir of its own',
      { cause },
    ),

  /** It was initialised once, and is not there now. A new, empty one is never made in its place. */
  missing: (p: { dataDir: string; reason: string }, cause?: unknown) =>
    new HonuaError(
      'HONUA_STORE_MISSING',
      'never',
      `the store in ${p.dataDir} was in use before and is gone: ${p.reason}`,
      `${RESTORE}; to begin with an empty store, choose a new spec.dataDir`,
      { cause },
    ),

  /** Something stored is not what was written. */
  corrupt: (p: { place: Place; problem: string; remedy?: string }, cause?: unknown) =>
    new HonuaError('HONUA_STORE_CORRUPT', 'never', `${told(p.place)}: ${p.problem}`, p.remedy ?? RESTORE, { cause }),

  /** The caller's idea of the stream's newest entry is not the store's. */
  conflict: (p: { stream: string; expected: number; actual: number }) =>
    new HonuaError(
      'HONUA_STORE_CONFLICT',
      'never',
      `stream "${p.stream}" stands at entry ${p.actual}, not at ${p.expected}`,
      'read the stream again and decide anew',
    ),

  /** A write failed in a way that leaves its outcome unknown; nothing more is written. */
  failed: (p: { reason: string }, cause?: unknown) =>
    new HonuaError(
      'HONUA_STORE_FAILED',
      'never',
      `a write to the store failed, and none is made after it: ${p.reason}`,
      'check the disk, then start the controller again; it goes on from what is on disk',
      { cause },
    ),

  /** No room; the store waits and goes on by itself. */
  diskFull: (p: { dataDir: string; doing: string }, cause?: unknown) =>
    new HonuaError(
      'HONUA_STORE_DISK_FULL',
      'later',
      `no room on the disk of ${p.dataDir}: ${p.doing}`,
      'free disk space or enlarge the disk; the controller goes on by itself',
      { cause },
    ),

  /** The process may open no more files: nothing is wrong with those that are there. */
  handles: (p: { folder: string }, cause?: unknown) =>
    new HonuaError(
      'HONUA_STORE_HANDLES',
      'later',
      `too few file handles to open the files of ${p.folder}`,
      'raise the limit (LimitNOFILE of the service, ulimit -n in a shell), then start the controller again; nothing is damaged',
      { cause },
    ),

  /** The database was closed and opened again underneath a long read. */
  interrupted: () =>
    new HonuaError('HONUA_STORE_INTERRUPTED', 'later', 'the store was reopened during a read', 'read again'),

  closed: () =>
    new HonuaError('HONUA_STORE_CLOSED', 'never', 'the store is closed', 'nothing: the controller is stopping'),

  /** Written by another generation of this program. */
  schema: (p: { dataDir: string; found: string; known: number }) =>
    new HonuaError(
      'HONUA_STORE_SCHEMA',
      'never',
      `the store in ${p.dataDir} has schema ${p.found}; this controller knows schema ${p.known}`,
      'run the controller version that wrote it, or a newer one',
    ),

  /** The folder itself cannot be used. */
  unusable: (p: { path: string; reason: string }, cause?: unknown) =>
    new HonuaError(
      'HONUA_STORE_UNUSABLE',
      'after-config-change',
      `${p.path} cannot be used for the store: ${p.reason}`,
      'make spec.dataDir a folder on a local disk that the controller owns and may write',
      { cause },
    ),

  /** A backup that is not whole, not a backup, or holds a damaged history. */
  backupInvalid: (p: { name: string; line: number; reason: string }) =>
    new HonuaError(
      'HONUA_BACKUP_INVALID',
      'never',
      `${p.name}:${p.line} cannot be taken in: ${p.reason}`,
      'take an older backup; make new ones with: honua admin export --to FILE',
    ),

  /** A backup is taken in where there is nothing yet, and nowhere else. */
  notEmpty: (p: { dataDir: string; found: string }) =>
    new HonuaError(
      'HONUA_BACKUP_PLACE',
      'never',
      `${p.dataDir} is not empty: ${p.found} is there`,
      'name a folder that is empty or not there yet, and set spec.dataDir to it afterwards',
    ),

  /** What `honua admin verify` found, in sum; each fault was named before. */
  damaged: (p: { dataDir: string; faults: number }) =>
    new HonuaError(
      'HONUA_STORE_DAMAGED',
      'never',
      `the store in ${p.dataDir} has ${p.faults} damaged ${p.faults === 1 ? 'place' : 'places'}`,
      RESTORE,
    ),

  /** A stream, collection or id that cannot be part of a key. */
  name: (p: { what: string }) =>
    new HonuaError(
      'HONUA_STORE_NAME',
      'never',
      `a ${p.what} must have 1 to 512 characters, none of them a control character`,
      'rename it',
    ),
}
