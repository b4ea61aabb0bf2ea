/** Every route that changes something. One function authorises them all. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodType } from 'zod'
import { apiErrors } from '../core/errors/api.ts'
import { type Caller, missingFor } from '../core/rights.ts'
import type { Actor } from '../core/vocabulary.ts'
import type { Log } from '../ports/log.ts'
import type { Answer, Facade } from '../runtime/facade.ts'
import {
  acceptRewriteBody,
  approveBody,
  firstIssue,
  holdBody,
  reasonBody,
  rejectBody,
  restoreBody,
  rollbackBody,
  rollbackPlanBody,
  syncBody,
} from './bodies.ts'
import type { DoneView, PlanAnswer, RollbackView } from './contract.ts'
import type { Identity } from './identity.ts'
import { granted } from './refusals.ts'
import { planView } from './views.ts'

/** Who asks, if that person may give orders. */
export type Authorise = (request: FastifyRequest) => Promise<Actor>

/** Whoever can be named on this socket, and whose proof of it does not say `read`. Throws HONUA_IDENTITY_UNKNOWN or HONUA_NOT_ALLOWED. */
export function authoriseBy(identity: Identity): Authorise {
  return async (request) => allowedToOrder(await identity.identify(request.headers))
}

/** Throws HONUA_NOT_ALLOWED. */
export function allowedToOrder(caller: Caller): Actor {
  if (missingFor('order', caller, 'nothing') !== null) throw apiErrors.notAllowed({ name: caller.actor.name })
  return caller.actor
}

interface OrderRoute<Body> {
  readonly path: string
  readonly body: ZodType<Body>
  readonly run: (asked: { readonly of: string; readonly body: Body; readonly by: Actor }) => Promise<object>
}

const done: DoneView = { done: true }

export function addOrders(
  app: FastifyInstance,
  parts: { readonly facade: Facade; readonly authorise: Authorise; readonly log: Log },
): void {
  const { facade, log, authorise } = parts

  const order = <Body>({ path, body, run }: OrderRoute<Body>) =>
    app.post(path, async (request) => {
      const by = await authorise(request)
      const checked = body.safeParse(request.body)
      if (!checked.success) throw apiErrors.bodyInvalid({ reason: firstIssue(checked.error) })
      const reply = await run({ of: ofParams(request), body: checked.data, by })
      log.info({ order: request.url, by: by.name, how: by.how }, 'order taken')
      return reply
    })
  const answering = async (answer: Promise<Answer>): Promise<DoneView> => {
    granted(await answer)
    return done
  }

  order({ path: '/v1/environments/:of/sync', body: syncBody, run: ({ of, by }) => answering(facade.sync(of, by)) })
  order({
    path: '/v1/environments/:of/hold',
    body: holdBody,
    run: ({ of, body, by }) => answering(facade.hold(of, body, by)),
  })
  order({
    path: '/v1/environments/:of/unhold',
    body: reasonBody,
    run: ({ of, body, by }) => answering(facade.unhold(of, body, by)),
  })
  order({
    path: '/v1/environments/:of/rollback',
    body: rollbackBody,
    run: async ({ of, body, by }): Promise<RollbackView> => granted(await facade.rollback(of, body, by)),
  })
  // It changes nothing, and is an order all the same: it asks the targets and keeps a plan.
  order({
    path: '/v1/environments/:of/rollback/plan',
    body: rollbackPlanBody,
    run: async ({ of, body }): Promise<PlanAnswer> => ({
      plan: planView(granted(await facade.rollbackPlan(of, body))),
    }),
  })
  order({
    path: '/v1/environments/:of/restore',
    body: restoreBody,
    run: async ({ of, body, by }): Promise<RollbackView> => granted(await facade.restore(of, body, by)),
  })
  order({
    path: '/v1/deployments/:of/approve',
    body: approveBody,
    run: ({ of, body, by }) => answering(facade.approve(of, body, by)),
  })
  order({
    path: '/v1/deployments/:of/reject',
    body: rejectBody,
    run: ({ of, body, by }) => answering(facade.reject(of, body, by)),
  })
  order({
    path: '/v1/deployments/:of/cancel',
    body: reasonBody,
    run: ({ of, body, by }) => answering(facade.cancel(of, body, by)),
  })
  order({
    path: '/v1/source/accept-rewrite',
    body: acceptRewriteBody,
    run: ({ body, by }) => answering(facade.acceptRewrite(body.commit, { reason: body.reason }, by)),
  })
}

/** The question that a local user answers. It changes nothing but the list of open questions, and comes before anybody can be named. */
export function addQuestions(app: FastifyInstance, identity: Identity): void {
  app.post('/v1/identity/challenge', () => identity.challenge())
}

function ofParams({ params }: FastifyRequest): string {
  return typeof params === 'object' && params !== null && 'of' in params ? String(params.of) : ''
}
