import { describe, expect, it } from 'vitest'
import { nothingKnown } from '../../machines/environment/memory.ts'
import { holdObstacle } from '../../src/runtime/orders.ts'

const CONTROLLER = { name: 'controller', how: 'controller' } as const

describe('a hold that is asked for', () => {
  const failed = {
    ...nothingKnown('production'),
    hold: { kind: 'intervention', by: CONTROLLER, reason: 'disk full', since: 1, until: null } as const,
  }

  it('is refused while a failed rollback waits for a person: that holds without an end, and a later hold might end it', () => {
    expect(holdObstacle(failed)).toMatchObject({
      why: 'blocked',
      code: 'HONUA_ENVIRONMENT_HELD',
      message: '"production" waits for a person, and is held until one lets it go on: disk full',
    })
  })

  it('is taken where nobody waits for a person', () => {
    expect(holdObstacle(nothingKnown('production'))).toBeNull()
  })
})
