import type { Command } from 'commander'
import type { Client } from './client.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Io } from './io.ts'
import type { Output } from './output.ts'

/** What a command is given to work with. */
export interface Session {
  readonly io: Io
  readonly api: Client
  readonly out: Output
}

/** What a command does with its parsed options. */
export type Run<Options> = (options: Options, session: Session) => Promise<ExitCode>

/** Called by the one command that the arguments name. */
export type Choose = <Options extends object>(name: string, options: Options, run: Run<Options>) => void

/** Adds one command to its parent: words and options on one side, `choose` with plain options on the other. */
export type AddCommand = (parent: Command, choose: Choose) => void
