import type { ActionTemplate, HttpTarget } from '../../../src/adapters/drivers/http/settings.ts'
import { openDriver } from '../../../src/adapters/drivers/index.ts'
import { ALL_FAULTS, type DriverFault } from '../../contract/driver.faults.ts'
import { driverContract } from '../../contract/driver.suite.ts'
import type { Fault } from '../../support/honua-server/faults.ts'
import { startJsonApi } from '../../support/json-api/server.ts'
import { TestClock, testDeps } from './deps.ts'
import { themes } from './http-kinds.ts'

const TOKEN = 'token-canary'

const troubles: Readonly<Record<DriverFault, Fault>> = {
  'answer lost': { kind: 'cut', when: 'after', times: 1, on: 'writes' },
  'partial failure': { kind: 'refuse', key: 'Theme/default/b', message: 'It is locked.' },
  'lying success': { kind: 'lie', times: 1 },
  slow: { kind: 'delay', ms: 60_000 },
  'too many requests': { kind: 'status', status: 429 },
  unavailable: { kind: 'status', status: 503 },
  unauthorised: { kind: 'status', status: 401 },
  garbage: { kind: 'garbage' },
  'connection cut': { kind: 'cut', when: 'before' },
}

/** A job under the step's key. */
const backup: ActionTemplate = {
  requests: [{ method: 'POST', path: '/jobs', body: { key: '{key}' } }],
  look: { path: '/jobs/{key}', pointer: '/state', done: ['done'], interval: 2_000, within: 60_000 },
  keyHeader: 'Idempotency-Key',
}

for (const etag of [true, false])
  driverContract({
    name: etag ? 'http' : 'http (without ETags)',
    faults: ALL_FAULTS,
    doesSteps: true,
    open: async () => {
      const api = await startJsonApi({ etags: etag, authorization: `Bearer ${TOKEN}` })
      const clock = new TestClock()
      const target: HttpTarget = {
        name: 'api',
        driver: 'http',
        url: api.url,
        credentials: { type: 'bearer', secretRef: 'token' },
        kinds: [{ ...themes, etag }],
        actions: { 'create-backup': backup },
        timeoutMs: 60_000,
        maxInFlight: 4,
      }
      const jobs = async () => api.steps.done.length
      const named = (key: string) => key.split('/').at(-1) ?? ''
      return {
        open: (resolvable = new Map()) =>
          openDriver(target, 'production', testDeps({ resolvable, own: new Map([['token', TOKEN]]), clock })),
        editOutOfBand: async (key, spec) => {
          const notes = api.state.get('themes', named(key))?.item['notes']
          api.state.put('themes', named(key), { ...spec, id: named(key), ...(notes === undefined ? {} : { notes }) })
        },
        removeOutOfBand: async (key) => api.state.remove('themes', named(key)),
        step: { name: 'create-backup', inputs: {}, done: jobs },
        fingerprint: async () => api.state.text(),
        trouble: async (fault) => {
          const end = api.setFault(troubles[fault])
          return async () => end()
        },
        expire: () => clock.expireDeadlines(),
        close: () => api.close(),
      }
    },
  })
