/** The store on LevelDB, and the same in memory for tests; what is done with a store that no controller runs on. */
export { type Examined, examineLevelStore } from './examine.ts'
export { type Backup, importLevelStore } from './import.ts'
export { type LevelStoreOptions, openLevelStore } from './level-store.ts'
export { type MemoryStore, openMemoryStore } from './memory-store.ts'
