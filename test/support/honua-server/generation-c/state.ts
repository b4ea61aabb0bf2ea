import { createHash } from 'node:crypto'

export type Item = Readonly<Record<string, unknown>>

export interface Layer {
  readonly layerId: number
  readonly connectionId: string
  readonly layerName: string
  readonly serviceName: string
  readonly enabled: boolean
  /** What was said when it was published. */
  readonly published: Item
  readonly discovery: Item
  readonly style: unknown
}

/** What a server makes of settings that nobody chose. */
export const DEFAULT_SETTINGS: Item = {
  enabledProtocols: ['OgcFeatures', 'FeatureServer'],
  availableProtocols: ['FeatureServer', 'MapServer', 'OgcFeatures', 'OData', 'Grpc'],
  accessPolicy: null,
  timeInfo: null,
  mapServer: {
    maxImageWidth: 4096,
    maxImageHeight: 4096,
    defaultImageWidth: 400,
    defaultImageHeight: 400,
    defaultDpi: 96,
    defaultFormat: 'png',
    defaultTransparent: true,
    maxFeaturesPerLayer: 1000,
  },
}

export interface Operation {
  readonly operationId: string
  readonly targetId: string
  readonly desiredRevision: string
  readonly idempotencyKey: string
  readonly correlationId: string
  readonly reason: string
  readonly status: string
  readonly errorMessage: string | null
}

/** A deploy target of the server's own, and what becomes of an operation on it, status by status, one at each look. */
export interface DeployTarget {
  readonly revision: string
  readonly pinned?: boolean
  readonly course?: readonly string[]
}

/** What a server of generation C holds. Layers go by integers that are never used again. */
export class StateOfC {
  /** Changes made so far, by anybody. */
  writes = 0
  /** Database migrations that publishing has run. */
  migrations = 0
  /** Version that the server declares as its platform release. */
  release: { readonly version: string; readonly artifact: string } = { version: '2026.1.0', artifact: 'honua:2026.1.0' }
  readonly connections = new Map<string, Item>()
  readonly layers = new Map<number, Layer>()
  readonly services = new Map<string, Item>()
  readonly targets = new Map<string, DeployTarget>()
  readonly operations = new Map<string, Operation>()
  readonly proposals: Item[] = []
  /** What was invalidated, request by request. */
  readonly invalidated: Item[] = []
  #nextLayer = 1
  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
  }

  changed(): void {
    this.writes += 1
  }

  nextLayerId(): number {
    this.#nextLayer += 1
    return this.#nextLayer - 1
  }

  newId(seed: string): string {
    return createHash('sha256').update(`${seed}@${this.#now().toISOString()}@${this.writes}`).digest('hex').slice(0, 32)
  }

  layerNamed(name: string): Layer | undefined {
    return [...this.layers.values()].find(({ layerName }) => layerName === name)
  }

  connectionNamed(name: string): Item | undefined {
    return [...this.connections.values()].find((connection) => connection['name'] === name)
  }

  /** Everything but operations, as text. */
  text(): string {
    return JSON.stringify([this.writes, [...this.connections], [...this.layers], [...this.services]])
  }
}
