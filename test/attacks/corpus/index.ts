/** Every threat that was considered, by the groups of the threat model. */
import { casesOfInput } from './cases-of-input.ts'
import { casesOfState } from './cases-of-state.ts'
import { defects } from './defects.ts'
import { findings } from './findings.ts'
import { inspectors } from './inspectors.ts'
import { steps } from './steps.ts'
import type { Chapter } from './threat.ts'

export const corpus: readonly Chapter[] = [
  { name: 'Findings about what we build on', threats: findings },
  { name: 'Defects of the document that this began with', threats: defects },
  { name: 'Cases', threats: [...casesOfInput, ...casesOfState] },
  { name: 'Steps of a topology', threats: steps },
  { name: 'Inspectors', threats: inspectors },
]
