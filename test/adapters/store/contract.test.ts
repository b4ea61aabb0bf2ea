import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLevelStore, openMemoryStore } from '../../../src/adapters/store/index.ts'
import { storeContract } from '../../contract/store.suite.ts'
import { silentLog } from '../../support/silent-log.ts'
import { virtualClock } from '../../support/virtual-clock.ts'

storeContract({
  name: 'LevelDB',
  keptBytes: 4096,
  place: async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'honua-store-'))
    return {
      open: () => openLevelStore({ dataDir, clock: virtualClock(), log: silentLog, ballastBytes: 4096 }),
      remove: () => rm(dataDir, { recursive: true, force: true }),
    }
  },
})

storeContract({
  name: 'memory',
  keptBytes: null,
  place: async () => {
    const pairs = new Map<string, string>()
    return { open: () => openMemoryStore(pairs), remove: async () => undefined }
  },
})
