import { z } from 'zod'
import { DURATION_PATTERN } from '../duration.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { suggest } from '../suggest.ts'
import { stepMeaning, stepNames } from './library.ts'
import { components, isComponent, phases } from './phases.ts'
import { deadReferences } from './references.ts'

const word = z.string().min(1)
const duration = z.string().regex(DURATION_PATTERN, 'must be a duration such as 30s or 5m')

const instance = z.looseObject({
  name: word.describe('Called so in plans and messages.'),
  target: word.describe('Name of a target of the controller’s configuration.'),
})

const component = z.looseObject({
  target: word.describe('Name of a target of the controller’s configuration.').optional(),
  instances: z.array(instance).min(1).optional(),
  deploymentStrategy: z
    .looseObject({
      type: z.literal('rolling', 'is not known; only rolling is').optional(),
      maxUnavailable: z.int().min(1).describe('Servers that are changed at the same time.').optional(),
      drain: z.boolean().describe('Ask the load balancer to leave a server alone while it is changed.').optional(),
    })
    .optional(),
})

const step = z.union(
  [
    word,
    z.strictObject({
      step: word,
      component: word.describe('Only the targets of this component.').optional(),
      timeout: duration.optional(),
      tries: z.int().min(1).max(10).optional(),
      with: z.record(z.string(), z.json()).describe('Given to the driver.').optional(),
    }),
  ],
  { error: 'must be the name of a step, or a mapping with step' },
)

const steps = z.array(step)

/** `{database: [run-migrations]}` and `[{name: database, steps: [run-migrations]}]` say the same. */
const phaseList = z.union(
  [z.partialRecord(z.enum(phases), steps), z.array(z.strictObject({ name: z.enum(phases), steps }))],
  { error: `must be a mapping of phases (${phases.join(', ')}) to steps` },
)

const coordination = z.looseObject({ phases: phaseList })

/** What a topology holds: sections that are components, and the phases. Everything else of Honua's format is allowed and not acted on. */
export const topologySpec = z
  .looseObject({
    deploymentCoordination: coordination.optional(),
    ...Object.fromEntries(components.map((name) => [name, component.optional()])),
  })
  .superRefine((spec, context) => {
    const issue = (path: readonly (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path: [...path], message })
    const whole = objectOf(spec)
    for (const { path, reference } of deadReferences(whole, whole))
      issue(path, `refers to \${${reference}}, which is not in this topology`)
    const given = coordination.safeParse(spec['deploymentCoordination'])
    if (!given.success) return
    for (const { path, name, only, phase } of named(given.data.phases)) {
      const known = stepMeaning(name)
      if (known === undefined) {
        const meant = suggest(name, stepNames)
        issue(path, `is not a step that is known${meant === undefined ? '' : `; did you mean ${meant}?`}`)
      } else if (known.phase !== phase) issue(path, `belongs in the phase ${known.phase}`)
      if (only !== undefined && (!isComponent(only) || spec[only] === undefined))
        issue([...path.filter((part) => part !== 'step'), 'component'], 'is not a component of this topology')
    }
  })

interface NamedStep {
  /** From the root of the spec. */
  readonly path: readonly (string | number)[]
  readonly phase: string
  readonly name: string
  readonly only: string | undefined
}

type PhaseList = z.infer<typeof phaseList>

function named(list: PhaseList): readonly NamedStep[] {
  const root = ['deploymentCoordination', 'phases']
  const of = (phase: string, items: z.infer<typeof steps>, at: readonly (string | number)[]) =>
    items.map((item, index): NamedStep => {
      const path = [...root, ...at, index]
      return typeof item === 'string'
        ? { path, phase, name: item, only: undefined }
        : { path: [...path, 'step'], phase, name: item.step, only: item.component }
    })
  return Array.isArray(list)
    ? list.flatMap(({ name, steps: items }, index) => of(name, items, [index, 'steps']))
    : Object.entries(list).flatMap(([phase, items]) => of(phase, items ?? [], [phase]))
}

function objectOf(spec: unknown): JsonObject {
  const { data } = z.json().safeParse(spec)
  return isJsonObject(data) ? data : {}
}

export type TopologySpec = z.infer<typeof topologySpec>
