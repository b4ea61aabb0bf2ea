/** Starts the stand-in by hand: `npx tsx test/support/honua-server/main.ts --port 8088 --api-key x [--persist FILE] [--generation A|B|C] [--write-delay MS]`. */
import { parseArgs } from 'node:util'
import { startHonuaServer } from './server.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8088' },
    host: { type: 'string', default: '127.0.0.1' },
    'api-key': { type: 'string' },
    persist: { type: 'string' },
    generation: { type: 'string', default: 'B' },
    'write-delay': { type: 'string' },
  },
})

const apiKey = values['api-key']
const delay = values['write-delay']
const server = await startHonuaServer({
  port: Number(values.port),
  host: values.host,
  generation: values.generation === 'A' || values.generation === 'C' ? values.generation : 'B',
  ...(delay === undefined ? {} : { faults: [{ kind: 'delay', ms: Number(delay), on: 'writes' }] }),
  ...(apiKey === undefined ? {} : { apiKey }),
  ...(values.persist === undefined ? {} : { persistPath: values.persist }),
})
process.stdout.write(`Honua stand-in (generation ${values.generation}) listens on ${server.url}\n`)
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    process.stdout.write(`At most ${server.mostAtOnce} requests at once were answered\n`)
    void server.close()
  })
