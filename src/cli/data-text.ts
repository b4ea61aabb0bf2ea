/** Data for programs, safe to look at on a terminal too. */
import { Document, isScalar, visit } from 'yaml'

/** Characters that could steer a terminal or change how a line reads: C1 controls, DEL, zero-width, line separators, bidi. */
const RISKY = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g
const HAS_RISKY = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/

/** JSON whose strings mean the same and whose bytes are harmless. `indent` 0 gives one line. */
export function jsonText(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(RISKY, escaped)
}

/** YAML, likewise: what holds such characters stands in double quotes, where they can be written as escapes. */
export function yamlText(value: object): string {
  const document = new Document(value, { aliasDuplicateObjects: false })
  visit(document, {
    Scalar(_key, node) {
      if (isScalar(node) && typeof node.value === 'string' && HAS_RISKY.test(node.value)) node.type = 'QUOTE_DOUBLE'
    },
  })
  return document.toString({ lineWidth: 0 }).replace(RISKY, escaped).trimEnd()
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
