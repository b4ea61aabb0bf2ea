/** Database migrations: files `NNN_name.sql`, applied once each, in order, forward only. */
export { type FileName, fileNameOf, MIGRATION, type MigrationFile, readMigrationFile } from './file.ts'
export { objectionTo } from './objection.ts'
export { byNumber, numberOf, twiceNumbered } from './order.ts'
export { type MigrationSpec, type Outcome, readSpec, specOf } from './spec.ts'
