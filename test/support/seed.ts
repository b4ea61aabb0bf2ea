/** Set up before each test file: what properties are tried with follows from one seed, so that a commit passes always or never. */
import fc from 'fast-check'

/** Any number will do; a fault that another seed finds becomes an example of its own. */
const SEED = 20_251_128

/** A whole number is the seed; `random` takes another one each time, which fast-check prints with what it finds. */
const asked = process.env['HONUA_SEED'] ?? String(SEED)
if (asked !== 'random') {
  const seed = Number(asked)
  if (asked === '' || !Number.isSafeInteger(seed))
    throw new Error(`HONUA_SEED is "${asked}"; a whole number or "random" is meant`)
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed })
}
