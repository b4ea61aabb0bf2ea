/** Steps of a topology that look at what is served and change nothing: any driver of something with an address can mount them. */
import { type CheckStep, checkInputs, checkSteps, inputsFault } from '../../../core/checks/index.ts'
import { FailedChecks } from '../../../core/errors/failed-checks.ts'
import { targetErrors } from '../../../core/errors/target.ts'
import type { Acted, ActRequest } from '../../../ports/driver.ts'
import { Asker } from './asker.ts'
import { certificateChecks, certificatePlaces } from './certificates.ts'
import { chosen, idsOf, pathsFor } from './changed.ts'
import { ogcChecks } from './ogc.ts'
import { answering, inTime, smokeCheck } from './pages.ts'
import { type Check, lookAt, type Rounds } from './rounds.ts'
import type { CheckSite } from './site.ts'

export { type CheckSite, checkBase, type Visitor } from './site.ts'

/** Steps that a driver can do, by name. */
export interface StepActions {
  readonly names: readonly string[]
  /** Why a step cannot be done as it is asked for; null when nothing is wrong, or the step is another's. */
  fault(request: ActRequest): string | null
  /** Rejects with HONUA_TARGET_CHECK when something is not as it must be, HONUA_TARGET_REFUSED for wrong inputs or a step it cannot do. */
  act(request: ActRequest, signal: AbortSignal): Promise<Acted>
}

/** Several kinds of steps as one; where two do the same, the first does it. */
export function stepsOf(all: readonly StepActions[]): StepActions {
  const names = [...new Set(all.flatMap((steps) => steps.names))]
  const doing = ({ action }: ActRequest) => all.find((steps) => steps.names.includes(action))
  return {
    names,
    fault: (request) => doing(request)?.fault(request) ?? null,
    act: async (request, signal) => {
      const steps = doing(request) ?? all[0]
      if (steps === undefined) throw new TypeError('no steps at all')
      return steps.act(request, signal)
    },
  }
}

/** The checking steps of one site. */
export function checkActions(site: CheckSite): StepActions {
  const fault = ({ action, inputs }: ActRequest): string | null => {
    const step = stepOf(action)
    if (step === undefined) return null
    if (step === 'verify-ssl' && certificatePlaces(site).length === 0)
      return 'no certificate to look at: the address is not https, and none is named in checks.certificates'
    return inputsFault(step, inputs)
  }
  return {
    names: checkSteps,
    fault,
    async act(request, signal) {
      signal.throwIfAborted()
      const step = stepOf(request.action)
      const reason = step === undefined ? `it cannot do the step ${request.action}` : fault(request)
      if (step === undefined || reason !== null)
        throw targetErrors.refused({ target: site.target, reason: reason ?? 'an unknown step' })
      const asker = new Asker(site, signal)
      const { checks, rounds, note } = planned(step, request, asker)
      const results = await lookAt(checks, rounds, asker)
      if (results.some(({ ok }) => !ok)) throw new FailedChecks(site.target, results)
      return {
        message: `${results.length} ${results.length === 1 ? 'check' : 'checks'} passed${note}`,
        checks: results,
      }
    },
  }
}

interface Planned {
  readonly checks: readonly Check[]
  readonly rounds: Rounds
  /** What was left out, for people. */
  readonly note: string
}

/** What a step looks at. Its inputs were found right before. */
function planned(step: CheckStep, request: ActRequest, asker: Asker): Planned {
  const { environment, inputs } = request
  switch (step) {
    case 'ogc-conformance-test': {
      const given = checkInputs[step].parse(inputs)
      const { all, left } = chosen(request, given)
      return { checks: ogcChecks(given, idsOf(all), asker), rounds: given, note: noteOf(left) }
    }
    case 'smoke-tests': {
      const given = checkInputs[step].parse(inputs)
      const { all, left } = chosen(request, given)
      const checks = given.requests.flatMap((one) =>
        pathsFor([one.path], all, environment).map((path) => smokeCheck(path, one, given.timeout, asker)),
      )
      return { checks, rounds: given, note: noteOf(left) }
    }
    case 'performance-benchmark': {
      const given = checkInputs[step].parse(inputs)
      const { paths, note } = pathsOf(request, given, ['/'])
      return { checks: inTime(paths, given, asker), rounds: given, note }
    }
    case 'monitor-errors': {
      const given = checkInputs[step].parse(inputs)
      const { all } = chosen(request, given)
      const paths = pathsFor(given.paths.length === 0 ? ['/'] : given.paths, all, environment)
      return { checks: answering(paths, given.timeout, asker), rounds: given, note: '' }
    }
    case 'warmup-cache': {
      const given = checkInputs[step].parse(inputs)
      const { paths, note } = pathsOf(request, given, [])
      return { checks: answering(paths, given.timeout, asker), rounds: given, note }
    }
    case 'warm-metadata-cache': {
      const given = checkInputs[step].parse(inputs)
      const { all, left } = chosen(request, given)
      const root = given.path.replace(/\/$/, '')
      const fixed = [given.path, `${root}/conformance`, `${root}/collections`]
      const paths = pathsFor([...fixed, `${root}/collections/{collection}`], all, environment)
      return { checks: answering(paths, given.timeout, asker), rounds: given, note: noteOf(left) }
    }
    case 'verify-ssl': {
      const given = checkInputs[step].parse(inputs)
      return { checks: certificateChecks(given, asker), rounds: given, note: '' }
    }
  }
}

/** The paths that are named, else the items of the changed collections, else `otherwise`. */
function pathsOf(
  request: ActRequest,
  given: {
    readonly paths: readonly string[]
    readonly collection: string
    readonly kinds: readonly string[]
    readonly most: number
  },
  otherwise: readonly string[],
): { readonly paths: readonly string[]; readonly note: string } {
  const { all, left } = chosen(request, given)
  const wanted = given.paths.length === 0 ? ['/collections/{collection}/items?limit=10'] : given.paths
  const paths = pathsFor(wanted, all, request.environment)
  return { paths: paths.length === 0 ? otherwise : paths, note: noteOf(left) }
}

function noteOf(left: number): string {
  return left === 0 ? '' : `; ${left} more changed collections were not looked at`
}

function stepOf(action: string): CheckStep | undefined {
  return checkSteps.find((step) => step === action)
}
