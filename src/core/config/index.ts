/** The controller's configuration: read, checked, and turned into what the runtime needs. */
export { CONFIG_SIZE_MAX, formatProblem, type Loaded, loadConfig } from './load.ts'
export { configJsonSchema, configReference } from './reference.ts'
export type { ControllerConfig, TargetSettings } from './schema.ts'
export { checkSecrets, type SecretLookup, secretNames } from './secrets.ts'
export {
  environmentsOf,
  type HistorySettings,
  historyOf,
  notYetActive,
  restartReasons,
  settingsFor,
  targetsFor,
} from './settings.ts'
