/** `npm run reference`: writes the pages of the docs that are told by the code. */
import { writeFileSync } from 'node:fs'
import { configReference } from '../../src/core/config/index.ts'
import { corpus } from '../attacks/corpus.ts'
import { attacksPage } from '../attacks/page.ts'

const pages = { 'configuration.md': configReference(), 'attacks.md': attacksPage(corpus) }
for (const [name, page] of Object.entries(pages)) writeFileSync(new URL(`../../docs/${name}`, import.meta.url), page)
