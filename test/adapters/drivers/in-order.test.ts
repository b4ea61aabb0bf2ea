import { expect, it } from 'vitest'
import { carryOut, type Outcome, type Pending } from '../../../src/adapters/drivers/carry-out.ts'
import { refused, sendBySort } from '../../../src/adapters/drivers/in-order.ts'
import { targetErrors } from '../../../src/core/errors/target.ts'
import type { LiveResource, Resource } from '../../../src/core/vocabulary.ts'
import type { ChangeToApply } from '../../../src/ports/driver.ts'
import { aTheme, calm } from '../../contract/driver.requests.ts'

const creation = (desired: Resource): ChangeToApply => ({
  change: {
    target: 'gis',
    key: desired.key,
    action: 'create',
    before: null,
    after: desired.digest,
    version: null,
    fields: [],
    breaking: [],
    wave: 0,
    location: null,
  },
  desired,
})

it('beside one that is refused, those begun without an answer are told apart from those that were not tried', async () => {
  const live = new Map<string, LiveResource>()
  const send = async ({ change: { key }, desired }: Pending): Promise<Outcome | null> => {
    if (desired !== null && key.endsWith('/a')) live.set(key, { ...desired, version: '1' })
    if (key.endsWith('/a')) return null
    if (key.endsWith('/b')) return refused(key, 'Locked.')
    throw targetErrors.unreachable({ target: 'gis', host: 'h', reason: 'ECONNRESET' })
  }
  const job = carryOut({
    target: 'gis',
    request: {
      environment: 'test',
      idempotencyKey: 'test/1/0',
      result: [],
      changes: ['a', 'b', 'c', 'd'].map((name) => creation(aTheme(name))),
    },
    represent: (resource) => resource,
    look: async () => new Map(live),
    write: (items) =>
      sendBySort({
        items,
        sortOf: () => 'write',
        keysOf: ({ change }) => [change.key],
        limit: 2,
        send,
        signal: calm(),
      }),
    signal: calm(),
  })
  await expect(job).rejects.toMatchObject({
    code: 'HONUA_TARGET_PARTIAL',
    retry: 'never',
    message: expect.stringMatching(
      /b \(Locked\.\); .*c \(no answer, not there when read back: .*ECONNRESET\); .*d \(not tried\)/,
    ),
  })
})
