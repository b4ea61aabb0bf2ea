/** Plans and texts as a terminal shows them; nothing that acts on a terminal gets through. */
export { type RenderOptions, renderPlan } from './plan.ts'
export { type DocumentChange, renderUnifiedDiff } from './unified.ts'
export { visible } from './visible.ts'
