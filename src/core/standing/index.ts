/** Where targets and resources stand in a deployment, read off its record, its plan and its events. Pure. */
export { type Course, courseOf } from './course.ts'
export { resourceStanding, type Standing, targetStanding } from './standing.ts'
