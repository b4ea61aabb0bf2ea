/** The words of the design, once. Plain readonly data: everything here survives JSON unchanged. */
export type * from './vocabulary/changes.ts'
export type * from './vocabulary/deployments.ts'
export type * from './vocabulary/plans.ts'
export type * from './vocabulary/resources.ts'
export type * from './vocabulary/settings.ts'
export type * from './vocabulary/steps.ts'
