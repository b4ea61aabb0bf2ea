import { resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { cliErrors } from '../../core/errors/cli.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { visible } from '../../core/render/index.ts'
import { EXIT } from '../exit-codes.ts'
import { durationMs } from '../parse.ts'
import type { AddCommand, Run } from '../session.ts'

/** A secret by the name the program knows it by, and the environment variable that holds it. */
interface SecretSource {
  readonly name: string
  readonly variable: string
}

interface Options {
  readonly command: readonly string[]
  readonly settings: JsonObject
  readonly secrets: readonly SecretSource[]
  readonly kind: string
  readonly timeoutMs: number
}

interface Given {
  readonly settings: JsonObject
  readonly secret: readonly SecretSource[]
  readonly kind: string
  readonly timeout: number
}

export const addDriverTest: AddCommand = (parent, choose) => {
  parent
    .command('test')
    .argument('<command...>', 'the program and its arguments, after --')
    .description('try whether a program keeps the protocol of the command driver')
    .option('--settings <json>', 'settings of its target', settingsOf, {})
    .option('--secret <name=VARIABLE>', 'a secret and the environment variable that holds it; repeatable', secretOf, [])
    .option('--kind <kind>', 'kind of the resources that are made', 'Theme')
    .option('--timeout <duration>', 'how long one call may take', durationMs, 60_000)
    .addHelpText(
      'after',
      '\nIt writes: resources in namespace honua-driver-test are made and removed. Give it a target for tests.\n\nExamples:\n  honua driver test --settings \'{"path":"/tmp/things"}\' -- ./config/examples/drivers/json_files.py',
    )
    .action((command: readonly string[], { settings, secret, kind, timeout }: Given) =>
      choose('driver test', { command, settings, secrets: secret, kind, timeoutMs: timeout }, test),
    )
}

const test: Run<Options> = async ({ command, settings, secrets: sources, kind, timeoutMs }, { io, out }) => {
  const [program = '', ...args] = command
  const secrets: Record<string, string> = {}
  for (const { name, variable } of sources) {
    const value = io.env[variable]
    if (value === undefined || value === '')
      throw cliErrors.usage({ message: `the variable ${variable} is not set`, help: 'honua driver test --help' })
    secrets[name] = value
  }
  // Loaded here alone: other commands start without it.
  const { testDriver } = await import('../../offline.ts')
  const asked = { command: [resolve(io.cwd, program), ...args], settings, secrets, kind, timeoutMs } as const
  const checks = await testDriver(
    asked,
    ({ what, problem }) => {
      if (out.format !== 'text') return
      const mark = problem === null ? out.paint.green('ok    ') : out.paint.red('FAILED')
      out.line(`${mark} ${what}${problem === null ? '' : `: ${visible(problem)}`}`)
    },
    io.interrupted(),
  )
  const failed = checks.filter(({ problem }) => problem !== null).length
  out.result({ command: asked.command, checks, failed }, () => [
    failed === 0 ? 'the program keeps the protocol' : `${failed} of ${checks.length} checks failed`,
  ])
  return failed === 0 ? EXIT.ok : EXIT.failed
}

function settingsOf(text: string): JsonObject {
  const value = parsed(text)
  if (!isJsonObject(value)) throw new InvalidArgumentError('Expected a JSON object such as {"path":"/srv/things"}.')
  return value
}

function secretOf(text: string, before: readonly SecretSource[]): readonly SecretSource[] {
  const [, name, variable] = /^([^=]+)=([A-Za-z_][A-Za-z0-9_]*)$/.exec(text) ?? []
  if (name === undefined || variable === undefined)
    throw new InvalidArgumentError('Expected a name and a variable, such as token=EDGE_TOKEN.')
  return [...before, { name, variable }]
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
