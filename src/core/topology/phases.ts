/** Honua's six phases, in the order in which they run (HONUA-API §1.5). */
export const phases = ['pre-flight', 'database', 'application', 'edge', 'validation', 'post-deployment'] as const

export type Phase = (typeof phases)[number]

/** Sections of a topology that are components, and the phase in which what they hold is changed. */
export const componentPhases = {
  database: 'database',
  spatialIndexes: 'database',
  metadataStore: 'application',
  applicationServers: 'application',
  files: 'application',
  tileCache: 'edge',
  reverseProxy: 'edge',
  loadBalancer: 'edge',
  cdn: 'edge',
  waf: 'edge',
  ssl: 'edge',
  dns: 'edge',
  monitoring: 'validation',
  storage: 'application',
} as const satisfies Readonly<Record<string, Phase>>

export type Component = keyof typeof componentPhases

export const components: readonly string[] = Object.keys(componentPhases)

export function isComponent(word: string): word is Component {
  return Object.hasOwn(componentPhases, word)
}
