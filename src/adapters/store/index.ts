/** The store on LevelDB, and the same in memory for tests. */
export { type LevelStoreOptions, openLevelStore } from './level-store.ts'
export { type MemoryStore, openMemoryStore } from './memory-store.ts'
