import fc from 'fast-check'
import type { Json, JsonObject } from '../../../src/core/json.ts'

/** Any plain data, with texts and keys of any characters. */
export const { json } = fc.letrec<{ json: Json; object: JsonObject }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'binary' }),
    fc.array(tie('json'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.dictionary(keys(), tie('json'), { maxKeys: 4 }),
}))

/** Objects of any plain data. */
export const jsonObject: fc.Arbitrary<JsonObject> = fc.dictionary(keys(), json, { maxKeys: 4 })

/** Keys that look like places, and like what objects have by nature, among others. */
function keys(): fc.Arbitrary<string> {
  return fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('2', '1', 'b', '__proto__', 'toString'))
}
