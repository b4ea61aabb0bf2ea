import { describe, expect, it } from 'vitest'
import { nothingKnown } from '../../machines/environment/memory.ts'
import { holdObstacle } from '../../src/runtime/orders.ts'

const CONTROLLER = { name: 'controller', how: 'controller' } as const

describe('a hold that is asked for', () => {
  const failed = {
    ...nothingKnown('production'),
    hold: { kind: 'intervention', by: CONTROLLER, reason: 'disk full', since: 1, until: null } as const,
  }

  it('is refused with an end while a failed rollback waits for a person: it would end that wait too', () => {
    expect(holdObstacle(failed, 5)).toMatchObject({
      why: 'blocked',
      code: 'HONUA_ENVIRONMENT_HELD',
      message: '"production" waits for a person: disk full',
    })
  })

  it('is taken without an end, and with one where nobody waits for a person', () => {
    expect([holdObstacle(failed, null), holdObstacle(nothingKnown('production'), 5)]).toEqual([null, null])
  })
})
