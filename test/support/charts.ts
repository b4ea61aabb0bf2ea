import { environmentMachine } from '../../machines/environment/machine.ts'
import { sourceMachine } from '../../machines/source/machine.ts'

const machines = new URL('../../machines/', import.meta.url)

/** Every statechart, and where its diagram belongs. */
export const charts = [
  { machine: environmentMachine, file: new URL('environment/diagram.md', machines) },
  { machine: sourceMachine, file: new URL('source/diagram.md', machines) },
]
