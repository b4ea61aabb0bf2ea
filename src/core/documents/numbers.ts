const FEW_DIGITS = /^-?\d{1,15}$/
/** Longer than any exact number needs; keeps the checks below short. */
const CHARS_MAX = 400
const DECIMAL = /^[-+]?(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/

/**
 * True when `value` is what a YAML number says, with nothing rounded: whole numbers up to ±(2⁵³ − 1), others when the shortest text
 * of the value has the same digits. Infinity and NaN are not.
 */
export function isExact(source: string, value: number): boolean {
  if (FEW_DIGITS.test(source)) return true
  if (!Number.isFinite(value) || source.length > CHARS_MAX) return false
  const written = digitsOf(source)
  // Hexadecimal and octal: whole numbers.
  if (written === undefined) return Number.isSafeInteger(value)
  if (/^[-+]?\d+$/.test(source)) return Number.isSafeInteger(value)
  const kept = digitsOf(String(value))
  return kept !== undefined && written.digits === kept.digits && written.exponent === kept.exponent
}

/** Significant digits without zeros at either end, and the power of ten of the last one. */
function digitsOf(text: string): { readonly digits: string; readonly exponent: number } | undefined {
  const match = DECIMAL.exec(text)
  if (match === null) return undefined
  const [, whole = '', fraction = '', power = '0'] = match
  const digits = (whole + fraction).replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return { digits: '', exponent: 0 }
  return { digits: significant, exponent: Number(power) - fraction.length + digits.length - significant.length }
}
