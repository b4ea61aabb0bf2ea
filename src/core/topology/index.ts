/** What an environment is made of, beyond one target: components, Honua's six phases, and the steps in them. Pure. */
export { coordinateBack, type Retreat, retreatAlong, retreatFrom } from './back.ts'
export { type Composition, compositionIn } from './composition.ts'
export { type Coordinated, coordinate } from './coordinate.ts'
export { type StepMeaning, stepLibrary } from './library.ts'
export { type Component, componentPhases, type Phase, phases } from './phases.ts'
export { type Place, TOPOLOGY, type Topology, topologyIn } from './read.ts'
export { topologySpec } from './schema.ts'
