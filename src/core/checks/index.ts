/** What an answer shows of a server that was just changed: judgements on plain data, for people and for a verdict. Pure. */
export { type Certificate, certificateFault } from './certificate.ts'
export { type Expectation, meets, parseExpectation } from './expectation.ts'
export { type Extent, extentOf } from './extent.ts'
export { type AnswerTimes, staleness } from './freshness.ts'
export { judgeGeometry } from './geometry.ts'
export { type CheckStep, checkInputs, checkSteps, type InputsOf, inputsFault } from './inputs.ts'
export { collectionFault, collectionsFault, conformanceFault, judgeItems, landingFault } from './ogc.ts'
export { percentileOf } from './percentile.ts'
