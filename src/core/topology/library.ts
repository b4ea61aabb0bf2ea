import type { Component, Phase } from './phases.ts'

/** How a step is carried out. */
export type StepMeans =
  /** Shown true by having planned at all: the topology was read, its references lead somewhere. */
  | 'planned'
  /** Every target of its components is asked whether it answers. */
  | 'probe'
  /** Every target of its components is asked for its health until it is well. */
  | 'health'
  /** The planned changes of its components are written. */
  | 'changes'
  /** The driver of each target of its components does it: an action of that name. */
  | 'act'

/** What a word in a topology's phases means. */
export interface StepMeaning {
  readonly name: string
  readonly phase: Phase
  /** For people: what it does. */
  readonly does: string
  readonly means: StepMeans
  /** Components whose targets it is about; none is all of them. */
  readonly on: readonly Component[]
  /** It runs only when these components change; always where nothing is said. */
  readonly when?: readonly Component[]
  /** One run may take this long, in ms, unless the topology says otherwise. */
  readonly timeoutMs: number
  /** Tries of what failed in passing; each run must be harmless to repeat. */
  readonly tries: number
  /** What takes it back when the deployment is rolled back: nothing, the rollback of the changes, or the step once more. */
  readonly undo: 'nothing' | 'restore' | 'again'
  /** It gives its components settings: done again, those of what is put back alone. */
  readonly sets?: true
}

const SECOND = 1_000
const MINUTE = 60 * SECOND

const common = { timeoutMs: MINUTE, tries: 3, undo: 'nothing' } as const
const SERVERS = ['applicationServers'] as const
const DATABASE = ['database'] as const

/** Every step that can be done with our drivers. The names and phases are Honua's (HONUA-API §1.5); what they mean is ours, as Honua defines none. */
export const stepLibrary: readonly StepMeaning[] = [
  {
    ...common,
    name: 'validate-topology',
    phase: 'pre-flight',
    means: 'planned',
    on: [],
    does: 'every step is known, every reference and every target is there',
  },
  {
    ...common,
    name: 'check-dependencies',
    phase: 'pre-flight',
    means: 'health',
    on: [],
    does: 'every target is well before anything is changed',
    timeoutMs: 30 * SECOND,
  },
  {
    ...common,
    name: 'verify-backups',
    phase: 'pre-flight',
    means: 'act',
    on: DATABASE,
    does: 'the newest backup of the database can be read',
  },
  {
    ...common,
    name: 'test-connectivity',
    phase: 'pre-flight',
    means: 'probe',
    on: [],
    does: 'every target answers',
    timeoutMs: 30 * SECOND,
  },
  {
    ...common,
    name: 'create-backup',
    phase: 'database',
    means: 'act',
    on: DATABASE,
    when: DATABASE,
    does: 'a backup of the database is made',
    timeoutMs: 30 * MINUTE,
    tries: 1,
  },
  {
    ...common,
    name: 'run-migrations',
    phase: 'database',
    means: 'changes',
    on: DATABASE,
    does: 'migrations that were not applied yet are applied, in order',
    undo: 'nothing',
  },
  {
    ...common,
    name: 'rebuild-indexes',
    phase: 'database',
    means: 'act',
    on: DATABASE,
    when: DATABASE,
    does: 'indexes are built anew beside the old ones',
    timeoutMs: 30 * MINUTE,
    tries: 1,
  },
  {
    ...common,
    name: 'analyze-tables',
    phase: 'database',
    means: 'act',
    on: DATABASE,
    when: DATABASE,
    does: 'the planner of the database learns what the tables hold now',
    timeoutMs: 10 * MINUTE,
  },
  {
    ...common,
    name: 'update-metadata',
    phase: 'application',
    means: 'changes',
    on: ['applicationServers', 'metadataStore', 'files', 'storage'],
    does: 'what Git declares is written, server by server, each verified before the next',
    undo: 'restore',
  },
  {
    ...common,
    name: 'rolling-restart',
    phase: 'application',
    means: 'act',
    on: SERVERS,
    when: SERVERS,
    does: 'servers take their new state or version, one after the other',
    timeoutMs: 15 * MINUTE,
    tries: 1,
  },
  {
    ...common,
    name: 'health-check',
    phase: 'application',
    means: 'health',
    on: SERVERS,
    does: 'every server says that it is well, after the last write',
  },
  {
    ...common,
    name: 'warmup-cache',
    phase: 'application',
    means: 'act',
    on: SERVERS,
    when: SERVERS,
    does: 'what is asked for most is asked for once',
  },
  {
    ...common,
    name: 'update-load-balancer',
    phase: 'edge',
    means: 'act',
    on: ['loadBalancer', 'reverseProxy'],
    does: 'the load balancer takes its settings',
    undo: 'again',
    sets: true,
  },
  {
    ...common,
    name: 'flush-cdn-cache',
    phase: 'edge',
    means: 'act',
    on: ['cdn', 'tileCache'],
    does: 'what is cached of changed layers is dropped',
    undo: 'again',
  },
  {
    ...common,
    name: 'update-dns',
    phase: 'edge',
    means: 'act',
    on: ['dns'],
    does: 'names lead where they should',
    undo: 'again',
    sets: true,
  },
  {
    ...common,
    name: 'verify-ssl',
    phase: 'edge',
    means: 'act',
    on: ['ssl', 'loadBalancer', 'reverseProxy', 'cdn'],
    does: 'certificates are valid and last',
  },
  {
    ...common,
    name: 'ogc-conformance-test',
    phase: 'validation',
    means: 'act',
    on: SERVERS,
    does: 'landing page, conformance, collections and one feature of each changed layer answer as the OGC API says',
    timeoutMs: 5 * MINUTE,
  },
  {
    ...common,
    name: 'performance-benchmark',
    phase: 'validation',
    means: 'act',
    on: SERVERS,
    does: 'answers come within their time',
    timeoutMs: 5 * MINUTE,
    tries: 1,
  },
  {
    ...common,
    name: 'smoke-tests',
    phase: 'validation',
    means: 'act',
    on: ['applicationServers', 'database'],
    does: 'what people do first works',
    timeoutMs: 5 * MINUTE,
  },
  {
    ...common,
    name: 'monitor-errors',
    phase: 'validation',
    means: 'act',
    on: SERVERS,
    does: 'for a while, few requests fail',
    timeoutMs: 10 * MINUTE,
    tries: 1,
  },
  {
    ...common,
    name: 'regenerate-tiles',
    phase: 'post-deployment',
    means: 'act',
    on: ['tileCache'],
    when: ['applicationServers', 'database', 'metadataStore'],
    does: 'tiles of changed layers are made anew',
    timeoutMs: 30 * MINUTE,
  },
  {
    ...common,
    name: 'warm-metadata-cache',
    phase: 'post-deployment',
    means: 'act',
    on: SERVERS,
    does: 'metadata is asked for once',
  },
  {
    ...common,
    name: 'notify-stakeholders',
    phase: 'post-deployment',
    means: 'act',
    on: ['monitoring'],
    does: 'somebody is told',
  },
  {
    ...common,
    name: 'update-documentation',
    phase: 'post-deployment',
    means: 'act',
    on: ['files', 'monitoring'],
    does: 'the documentation follows',
  },
]

/** Done by a load balancer around the change or restart of a server, with its name as the input `instance`; a topology asks for them by `drain: true`. */
export const DRAINS = ['drain', 'undrain'] as const

const byName = new Map(stepLibrary.map((step) => [step.name, step]))

export const stepNames: readonly string[] = [...byName.keys()]

export function stepMeaning(name: string): StepMeaning | undefined {
  return byName.get(name)
}
