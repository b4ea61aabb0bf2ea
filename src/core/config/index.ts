/** The controller's configuration: read, checked, and turned into what the runtime needs. */
export { formatProblem, type Loaded, loadConfig } from './load.ts'
export { configJsonSchema, configReference } from './reference.ts'
export type { ControllerConfig, TargetSettings } from './schema.ts'
export { environmentsOf, restartReasons, secretNames, settingsFor, targetsFor } from './settings.ts'
