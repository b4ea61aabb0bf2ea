import type { ErrorCode } from 'yaml'
import { desiredErrors } from '../errors/desired.ts'
import type { HonuaError } from '../errors/honua-error.ts'

/** Our words for the parser's errors: its own ones repeat the text of the file, which may hold a secret. */
const REASONS: { readonly [code in ErrorCode]: string } = {
  ALIAS_PROPS: 'an alias (*…) takes no anchor or tag',
  BAD_ALIAS: 'an anchor or alias without a name, or one that ends in ":"',
  BAD_DIRECTIVE: 'an unknown directive (%…)',
  BAD_DQ_ESCAPE: 'an unknown escape (\\…) in double quotes',
  BAD_INDENT: 'wrong indentation',
  BAD_PROP_ORDER: 'an anchor or tag must stand after the indicator',
  BAD_SCALAR_START: 'a plain value cannot begin with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a nested mapping or sequence must begin on its own line',
  BLOCK_IN_FLOW: 'a block cannot stand inside [ ] or { }',
  DUPLICATE_KEY: 'a key is given twice',
  IMPOSSIBLE: 'content where none can be',
  KEY_OVER_1024_CHARS: 'a key longer than 1024 characters',
  MISSING_CHAR: 'a character is missing here, such as a quote, a comma, a space or a closing bracket',
  MULTILINE_IMPLICIT_KEY: 'a key must be on one line and followed by ":"',
  MULTIPLE_ANCHORS: 'a value with several anchors (&…)',
  MULTIPLE_DOCS: 'several documents',
  MULTIPLE_TAGS: 'a value with several tags (!…)',
  NON_STRING_KEY: 'a key that is no string',
  RESOURCE_EXHAUSTION: 'the nesting is too deep',
  TAB_AS_INDENT: 'tabs cannot indent; use spaces',
  TAG_RESOLVE_FAILED: 'an unknown tag (!…)',
  UNEXPECTED_TOKEN: 'unexpected content',
  BAD_COLLECTION_TYPE: 'a tag (!…) that does not fit its value',
}

/** The error we tell for one of the parser's. */
export function syntaxError(code: ErrorCode): HonuaError {
  switch (code) {
    case 'TAG_RESOLVE_FAILED':
    case 'BAD_COLLECTION_TYPE':
      return desiredErrors.tag()
    case 'BAD_DIRECTIVE':
      return desiredErrors.directive()
    default:
      return desiredErrors.syntax({ reason: REASONS[code] })
  }
}
