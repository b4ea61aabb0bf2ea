/** Pages that are asked for: that they answer, that they answer in time, that they hold what they must. */

import { type InputsOf, meets, percentileOf } from '../../../core/checks/index.ts'
import { formatDuration } from '../../../core/duration.ts'
import { at } from '../http/pointers.ts'
import { type Asker, isSuccess } from './asker.ts'
import type { Check } from './rounds.ts'

/** Each page answers 2xx. */
export function answering(paths: readonly string[], timeoutMs: number, asker: Asker): readonly Check[] {
  return paths.map((path) => ({
    name: `GET ${path}`,
    look: async () => {
      const page = await asker.ask(path, timeoutMs, 'as people do')
      if (typeof page === 'string') return { ok: false, message: page }
      return { ok: isSuccess(page.status), message: `HTTP ${page.status}` }
    },
  }))
}

/** So many percent of the answers come within the limit. */
export function inTime(
  paths: readonly string[],
  { percentile, limit, timeout }: InputsOf<'performance-benchmark'>,
  asker: Asker,
): readonly Check[] {
  return paths.map((path) => {
    const times: number[] = []
    return {
      name: `GET ${path}`,
      look: async () => {
        const page = await asker.ask(path, timeout, 'as people do')
        if (typeof page === 'string') return { ok: false, message: page }
        if (!isSuccess(page.status)) return { ok: false, message: `HTTP ${page.status}` }
        times.push(page.tookMs)
        return { ok: true, message: `${page.tookMs} ms` }
      },
      conclude: () => {
        const ms = percentileOf(times, percentile)
        if (ms === undefined) return { ok: false, message: 'no answer to judge by' }
        const words = `${percentile} % of ${times.length} answers within ${ms} ms`
        return { ok: ms <= limit, message: ms <= limit ? words : `${words}, the limit being ${formatDuration(limit)}` }
      },
    }
  })
}

type SmokeRequest = InputsOf<'smoke-tests'>['requests'][number]

/** A page holds what it must. `path` is the request's own, filled in. */
export function smokeCheck(path: string, request: SmokeRequest, timeoutMs: number, asker: Asker): Check {
  return {
    name: `GET ${path}`,
    look: async () => {
      const page = await asker.ask(path, timeoutMs, 'now')
      if (typeof page === 'string') return { ok: false, message: page }
      const { status, data } = page
      const isRight = request.status === undefined ? isSuccess(status) : status === request.status
      if (!isRight)
        return {
          ok: false,
          message: `HTTP ${status}${request.status === undefined ? '' : ` instead of ${request.status}`}`,
        }
      const { pointer = '', equals, expected } = request
      if (equals === undefined && expected === undefined) return { ok: true, message: `HTTP ${status}` }
      const value = at(data, pointer)
      const where = pointer === '' ? 'the answer' : pointer
      if (equals !== undefined && value !== equals)
        return { ok: false, message: `${where} is not ${JSON.stringify(equals)}` }
      if (expected !== undefined) {
        if (typeof value !== 'number') return { ok: false, message: `${where} is no number` }
        if (meets(expected, value, value) !== true)
          return { ok: false, message: `${where} is ${value} and not ${expected.is} ${expected.than}` }
      }
      return { ok: true, message: `${where} is as expected` }
    },
  }
}
