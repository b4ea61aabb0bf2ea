import { type Document, LineCounter, parseAllDocuments } from 'yaml'
import type { JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import type { Fault } from './fault.ts'
import { toPlain } from './plain.ts'

/** Documents a file may hold. */
const DOCUMENTS_MAX = 1_000
/** Nesting by brackets or indentation deeper than this is no resource; it is refused before the parser recurses into it. */
const NESTING_MAX = 100

/** One document that is a map, and where it begins. */
export interface ParsedDocument {
  readonly value: JsonObject
  readonly line: number
  readonly column: number
}

/** What a file holds. With any fault the documents are what could be read; the file as a whole counts as unreadable. */
export interface ParsedText {
  readonly documents: readonly ParsedDocument[]
  readonly faults: readonly Fault[]
}

/**
 * Parses YAML 1.2 (core schema) or JSON, several documents allowed. Not taken: aliases beyond a few, merge keys, tags, keys that are
 * no text, keys given twice, numbers that would be rounded. `no`, `off` and `010` are what YAML 1.2 says: two texts and the number 10.
 */
export function parseText(text: string): ParsedText {
  const deep = tooDeep(text)
  if (deep !== null) return { documents: [], faults: [deep] }
  const lines = new LineCounter()
  const parsed = composed(text, lines)
  if ('fault' in parsed) return { documents: [], faults: [parsed.fault] }
  if (parsed.list.length > DOCUMENTS_MAX)
    return {
      documents: [],
      faults: [
        { code: 'HONUA_FILE_TOO_MANY', message: `it holds more than ${DOCUMENTS_MAX} documents`, line: 1, column: 1 },
      ],
    }
  const documents: ParsedDocument[] = []
  const faults: Fault[] = []
  for (const document of parsed.list) readDocument(document, lines, documents, faults)
  return { documents, faults }
}

function composed(
  text: string,
  lines: LineCounter,
): { readonly list: readonly Document.Parsed[] } | { readonly fault: Fault } {
  try {
    const documents = parseAllDocuments(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      uniqueKeys: false,
      lineCounter: lines,
      prettyErrors: false,
      logLevel: 'silent',
    })
    return { list: 'empty' in documents ? [] : documents }
  } catch (error) {
    if (error instanceof RangeError)
      return {
        fault: {
          code: 'HONUA_FILE_TOO_DEEP',
          message: `it is nested deeper than ${NESTING_MAX} levels`,
          line: 1,
          column: 1,
        },
      }
    throw error
  }
}

function readDocument(
  document: Document.Parsed,
  lines: LineCounter,
  documents: ParsedDocument[],
  faults: Fault[],
): void {
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const told = [...document.errors, ...document.warnings]
  for (const one of told)
    faults.push({ code: 'HONUA_FILE_SYNTAX', message: one.message.split('\n')[0] ?? 'not YAML', ...at(one.pos[0]) })
  if (document.directives?.yaml.explicit === true && document.directives.yaml.version !== '1.2')
    faults.push({
      code: 'HONUA_FILE_SYNTAX',
      message: `%YAML ${document.directives.yaml.version} is not taken; write YAML 1.2`,
      line: 1,
      column: 1,
    })
  if (told.length > 0 || document.contents === null) return
  const start = at(document.contents.range[0])
  const plain = toPlain(document, at)
  faults.push(...plain.faults)
  if (plain.faults.length > 0 || plain.value === null) return
  if (isJsonObject(plain.value)) documents.push({ value: plain.value, ...start })
  else
    faults.push({
      code: 'HONUA_RESOURCE_SHAPE',
      message: 'a resource is a map with apiVersion, kind, metadata and spec',
      ...start,
    })
}

/** Finds nesting that would exhaust the parser, by counting open brackets and indentation; text in quotes may count too, generously. */
function tooDeep(text: string): Fault | null {
  let depth = 0
  let line = 1
  let lineStart = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 10) {
      line += 1
      lineStart = at + 1
      continue
    }
    if (code === 91 || code === 123) depth += 1
    else if ((code === 93 || code === 125) && depth > 0) depth -= 1
    const dashes = code === 45 && at === lineStart ? leadingDashes(text, at) : 0
    if (depth > NESTING_MAX * 2 || dashes > NESTING_MAX)
      return {
        code: 'HONUA_FILE_TOO_DEEP',
        message: `it is nested deeper than ${NESTING_MAX} levels`,
        line,
        column: at - lineStart + 1,
      }
  }
  return null
}

/** `- - - - x` nests a list in a list for each dash. */
function leadingDashes(text: string, from: number): number {
  let count = 0
  for (let at = from; text.charCodeAt(at) === 45 && text.charCodeAt(at + 1) === 32; at += 2) count += 1
  return count
}
