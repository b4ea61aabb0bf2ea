/** `npm run reference`: writes what the code tells of itself into the docs. */
import { readFileSync, writeFileSync } from 'node:fs'
import { configReference } from '../../src/core/config/index.ts'
import { corpus } from '../attacks/corpus/index.ts'
import { withAttacks } from '../attacks/page.ts'

const page = (name: string) => new URL(`../../docs/${name}`, import.meta.url)
writeFileSync(page('configuration.md'), configReference())
writeFileSync(page('reliability.md'), withAttacks(readFileSync(page('reliability.md'), 'utf8'), corpus))
