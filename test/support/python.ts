import { existsSync } from 'node:fs'

/** What the example drivers are run with. */
export const PYTHON = '/usr/bin/python3'

/** Why tests of programs in Python are skipped; null where they can run. */
export const noPython: string | null = existsSync(PYTHON) ? null : `no ${PYTHON} on this computer`
