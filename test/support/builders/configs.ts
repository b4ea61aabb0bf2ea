import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { stringify } from 'yaml'
import { type ControllerConfig, formatProblem, loadConfig } from '../../../src/core/config/index.ts'

/** The commented configuration that users start from. */
export const EXAMPLE = readFileSync(new URL('../../../config/gitops-controller.yaml', import.meta.url), 'utf8')

const FOLDER = new URL('../../../config/examples/', import.meta.url)

/** Configurations that show one kind of target each. */
export const EXAMPLES: readonly { readonly name: string; readonly text: string }[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ name, text: readFileSync(new URL(name, FOLDER), 'utf8') }))

/** The example's text with one change, loaded: the problems as people read them. */
export function changed(from: string, to: string): readonly string[] {
  expect(EXAMPLE).toContain(from)
  return loadConfig(EXAMPLE.replace(from, to), 'f.yaml').problems.map(formatProblem)
}

export function example(): ControllerConfig {
  const { config } = loadConfig(EXAMPLE, 'f.yaml')
  if (config === null) throw new Error('the example is not valid')
  return config
}

/** Text of the shortest valid configuration, with parts of `spec` added or replaced. */
export function minimal(spec: object = {}): string {
  const whole = { git: { url: 'https://git.example.org/r.git' }, ...spec }
  return stringify({ apiVersion: 'honua.io/v1', kind: 'GitOpsController', metadata: { name: 'test' }, spec: whole })
}
