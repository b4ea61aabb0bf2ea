/** `npm run sbom`: the bill of materials of what is shipped, CycloneDX, on standard output. */
import { sbomOf } from './sbom.ts'

process.stdout.write(`${JSON.stringify(sbomOf(new URL('../..', import.meta.url).pathname), null, 2)}\n`)
