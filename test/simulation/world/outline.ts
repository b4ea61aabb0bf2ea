import type { Json, JsonObject } from '../../../src/core/json.ts'
import { Prng } from '../prng.ts'
import type { Member, Role } from './site.ts'

/** Honua's phases, by number; the oracle counts with them. */
export const PHASES = ['pre-flight', 'database', 'application', 'edge', 'validation', 'post-deployment'] as const

export type PhaseName = (typeof PHASES)[number]

/** A topology as the people of the simulation think of it. */
export interface Outline {
  /** Raised by each edit. */
  readonly revision: number
  readonly maxUnavailable: number
  readonly drain: boolean
  /** Steps that are listed. */
  readonly steps: readonly Step[]
  /** The last server is not named in it. */
  readonly forgets: boolean
  /** Asks for what no target can do, or for what nobody knows: it can never be deployed. */
  readonly bad: 'unable' | 'unknown' | null
}

/** A step that is listed, in its phase. */
export interface Step {
  readonly step: StepName
  readonly tries: number
  readonly seconds: number
  /** Listed twice, with other inputs. */
  readonly twice?: boolean
}

/** What is listed where, who does it, and when: as Honua's names say, in the oracle's own words. */
const STEPS = {
  'validate-topology': { phase: 'pre-flight', by: [], means: 'none', when: [] },
  'test-connectivity': { phase: 'pre-flight', by: [], means: 'ask', when: [] },
  'check-dependencies': { phase: 'pre-flight', by: [], means: 'ask', when: [] },
  'verify-backups': { phase: 'pre-flight', by: ['database'], means: 'act', when: [] },
  'create-backup': { phase: 'database', by: ['database'], means: 'act', when: ['database'] },
  'run-migrations': { phase: 'database', by: ['database'], means: 'write', when: [] },
  'analyze-tables': { phase: 'database', by: ['database'], means: 'act', when: ['database'] },
  'update-metadata': { phase: 'application', by: ['server'], means: 'write', when: [] },
  'rolling-restart': { phase: 'application', by: ['server'], means: 'act', when: ['server'] },
  'health-check': { phase: 'application', by: ['server'], means: 'ask', when: [] },
  'warmup-cache': { phase: 'application', by: ['server'], means: 'act', when: ['server'] },
  drain: { phase: 'application', by: ['balancer'], means: 'act', when: [] },
  undrain: { phase: 'application', by: ['balancer'], means: 'act', when: [] },
  'update-load-balancer': { phase: 'edge', by: ['balancer'], means: 'act', when: [] },
  'flush-cdn-cache': { phase: 'edge', by: ['cdn'], means: 'act', when: [] },
  'smoke-tests': { phase: 'validation', by: ['server', 'database'], means: 'act', when: [] },
  'monitor-errors': { phase: 'validation', by: ['server'], means: 'act', when: [] },
  'warm-metadata-cache': { phase: 'post-deployment', by: ['server'], means: 'act', when: [] },
  'notify-stakeholders': { phase: 'post-deployment', by: ['pager'], means: 'act', when: [] },
} as const satisfies Readonly<Record<string, StepSense>>

interface StepSense {
  readonly phase: PhaseName
  /** Nobody in particular: everybody. */
  readonly by: readonly Role[]
  readonly means: 'none' | 'ask' | 'act' | 'write'
  /** Only where one of these is written. */
  readonly when: readonly Role[]
}

export type StepName = keyof typeof STEPS

export function senseOf(step: string): StepSense | undefined {
  return Object.hasOwn(STEPS, step) ? STEPS[step as StepName] : undefined
}

/** Number of the phase in which what a role holds is written. */
export function writePhase(role: Role): number {
  switch (role) {
    case 'database':
      return 1
    case 'server':
      return 2
    case 'balancer':
    case 'cdn':
    case 'pager':
      return 3
  }
}

export const plainOutline: Outline = {
  revision: 1,
  maxUnavailable: 1,
  drain: false,
  steps: [
    { step: 'check-dependencies', tries: 2, seconds: 20 },
    { step: 'flush-cdn-cache', tries: 2, seconds: 40 },
    { step: 'smoke-tests', tries: 2, seconds: 40 },
  ],
  forgets: false,
  bad: null,
}

/** The topology's file. JSON is YAML too. */
export function topologyFile(outline: Outline, members: readonly Member[]): string {
  const { maxUnavailable, drain, forgets, bad, revision } = outline
  const servers = members.filter(({ role }) => role === 'server')
  const named = forgets && servers.length > 1 ? servers.slice(0, -1) : servers
  const one = (name: string, role: Role): JsonObject => {
    const member = members.find((it) => it.role === role)
    return member === undefined ? {} : { [name]: { target: member.name } }
  }
  const listed = PHASES.map((name): Json => {
    const steps = outline.steps.filter(({ step }) => senseOf(step)?.phase === name).flatMap(listing)
    const odd = name === 'validation' && bad !== null ? [bad === 'unable' ? 'ogc-conformance-test' : 'make-coffee'] : []
    return { name, steps: [...steps, ...odd] }
  })
  return JSON.stringify({
    apiVersion: 'honua.io/v1',
    kind: 'Topology',
    metadata: { name: 'site', annotations: { revision: String(revision) } },
    spec: {
      applicationServers: {
        instances: named.map(({ name }) => ({ name, target: name })),
        deploymentStrategy: { type: 'rolling', maxUnavailable, drain },
      },
      ...one('database', 'database'),
      ...one('loadBalancer', 'balancer'),
      ...one('cdn', 'cdn'),
      ...one('monitoring', 'pager'),
      deploymentCoordination: { phases: listed },
    },
  })
}

function listing({ step, tries, seconds, twice }: Step): readonly Json[] {
  const item = (part: number): Json => ({ step, tries, timeout: `${seconds}s`, with: { part } })
  return twice === true ? [item(1), item(2)] : [item(1)]
}

/** What somebody makes of a topology, chosen by `pick`. */
export function someOutline(former: Outline | null, pick: number): Outline {
  const names = Object.keys(STEPS).filter((step): step is StepName => step !== 'drain' && step !== 'undrain')
  const prng = Prng.named(pick, 'outline')
  const steps = names.flatMap((step): readonly Step[] => {
    const listed = { step, tries: prng.between(1, 3), seconds: prng.pick([20, 30, 40, 50]), twice: prng.chance(0.15) }
    return prng.chance(0.45) ? [listed] : []
  })
  return {
    revision: (former?.revision ?? 0) + 1,
    maxUnavailable: 1 + (pick % 2),
    drain: pick % 3 !== 0,
    steps,
    forgets: pick % 5 === 0,
    bad: null,
  }
}
