/** The picture that all pages show, and what each message of the controller changes in it. Pure. */
import type {
  EnvironmentView,
  EventView,
  LiveAlive,
  LiveChange,
  LiveProgress,
  LiveReset,
  StatusView,
} from '../../api/contract.ts'
import type { Instant } from '../../core/vocabulary.ts'

export const MESSAGE_TYPES = ['reset', 'changed', 'progress', 'alive'] as const
export type MessageType = (typeof MESSAGE_TYPES)[number]

/** Newest events that are kept. */
const EVENTS_MAX = 500

export interface Live {
  readonly status: StatusView | null
  readonly environments: readonly EnvironmentView[]
  /** Newest first. */
  readonly events: readonly EventView[]
  /** Since when nothing was heard; null while the picture is the present one. */
  readonly staleSince: Instant | null
}

/** What a message changes; `data` is its text as it came. */
export function changeBy(live: Live, type: MessageType, data: string): Partial<Live> {
  switch (type) {
    case 'reset': {
      const { status, environments }: LiveReset = JSON.parse(data)
      return { status, environments }
    }
    case 'changed': {
      const { status, environments, events }: LiveChange = JSON.parse(data)
      return {
        status,
        environments: merged(live.environments, environments),
        events: [...events.toReversed(), ...live.events].slice(0, EVENTS_MAX),
      }
    }
    case 'progress': {
      const { environments }: LiveProgress = JSON.parse(data)
      const further = new Map(environments.map(({ name, progress }) => [name, progress]))
      return {
        environments: live.environments.map((view) => {
          const progress = further.get(view.name)
          return progress === undefined ? view : { ...view, progress }
        }),
      }
    }
    case 'alive': {
      const { status }: LiveAlive = JSON.parse(data)
      return { status }
    }
  }
}

/** The list with those that moved in their places, so that the others stay the same objects. */
function merged(known: readonly EnvironmentView[], moved: readonly EnvironmentView[]): readonly EnvironmentView[] {
  const byName = new Map(moved.map((view) => [view.name, view]))
  const strangers = moved.filter(({ name }) => !known.some((one) => one.name === name))
  return [...known.map((one) => byName.get(one.name) ?? one), ...strangers]
}
