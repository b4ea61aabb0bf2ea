/** What environments are made of, for pictures of them. */
import type { FastifyInstance } from 'fastify'
import { componentPhases } from '../core/topology/index.ts'
import type { Digest } from '../core/vocabulary.ts'
import type { Facade } from '../runtime/facade.ts'
import type { ComponentView, CompositionView } from './contract.ts'
import { deploymentOf, statusOf } from './reads.ts'

interface Named {
  readonly Params: { readonly name: string }
}

export function addComposition(app: FastifyInstance, facade: Facade): void {
  app.get<Named>('/v1/environments/:name/composition', async ({ params }): Promise<CompositionView> => {
    const { name, context } = statusOf(facade, params.name)
    const release = context.attempt?.plan.release ?? context.plan?.release ?? context.applied?.release ?? null
    const owned = await facade.owned(name)
    return compositionView(facade, {
      release,
      targets: context.settings?.targets ?? [],
      owned: (target) => owned.get(target) ?? 0,
    })
  })
  app.get<Named>('/v1/deployments/:name/composition', async ({ params }): Promise<CompositionView> => {
    const { id, release } = await deploymentOf(facade, params.name)
    const plan = (await facade.deploymentPlan(id))?.plan
    const targets = (plan?.steps ?? []).map(({ target }) => target)
    return compositionView(facade, { release, targets: [...new Set(targets)], owned: () => null })
  })
}

async function compositionView(
  facade: Facade,
  of: {
    readonly release: Digest | null
    readonly targets: readonly string[]
    readonly owned: (target: string) => number | null
  },
): Promise<CompositionView> {
  const found = of.release === null ? null : await facade.composition(of.release)
  const named = (found?.places ?? []).map(
    ({ component, instance, target }): ComponentView => ({
      ...{ component, phase: componentPhases[component], instance, target },
      owned: of.owned(target),
    }),
  )
  const alone = of.targets
    .filter((target) => !named.some((one) => one.target === target))
    .map(
      (target): ComponentView => ({
        ...{ component: null, phase: null, instance: target, target },
        owned: of.owned(target),
      }),
    )
  return { hasTopology: found !== null, components: [...named, ...alone], references: found?.references ?? [] }
}
