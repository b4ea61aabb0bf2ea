/** `npm run reference`: writes the configuration's reference page. */
import { writeFileSync } from 'node:fs'
import { configReference } from '../../src/core/config/index.ts'

writeFileSync(new URL('../../docs/configuration.md', import.meta.url), configReference())
