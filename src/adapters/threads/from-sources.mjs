/** Where the program runs from its sources: Node 20 reads no TypeScript in a thread by itself, and tsx is not handed on to it. */
import { workerData } from 'node:worker_threads'
import { register } from 'tsx/esm/api'

register()
await import(workerData.script)
