/** What is told of what pg_dump and pg_restore say. */
import { scrub } from '../scrub.ts'

const HIDDEN = '(hidden)'
const NAME = '"[^"]{1,63}"'

/** What the server says that holds names alone. A value can be taken for the name of a table or a type: that one is not there, is not told. */
const OF_NAMES = [
  `(?:relation|table|type|function|schema|role|database|extension|constraint|trigger|policy) ${NAME}(?: for relation ${NAME})? already exists`,
  `extension ${NAME} is not available`,
  `unrecognized configuration parameter ${NAME}`,
  'permission denied (?:for|to) [\\w ]+',
  'must be (?:owner of|member of|superuser to) [\\w ]+',
  `(?:duplicate key value violates unique constraint|could not create unique index) ${NAME}`,
  `insert or update on table ${NAME} violates foreign key constraint ${NAME}`,
  'canceling statement due to (?:lock timeout|statement timeout|user request)',
  `password authentication failed for user ${NAME}`,
  'sorry, too many clients already',
  'the database system is [\\w ]+',
].map((words) => new RegExp(`^${words}$`))
const MISSING = new RegExp(`^(?:database|role|tablespace) ${NAME} does not exist$`)

/** Of the lines that begin with the name of the program, all but what may be the value of a row. */
export function programWords(stderr: string, secrets: Iterable<string>): string {
  const lines = stderr.split('\n').filter((line) => /^pg_\w+: /.test(line) && !/: (?:detail|hint): /.test(line))
  return scrub(lines.map(withoutValues).join('; '), secrets)
}

/** Of a message of the server only what is known to hold names alone is told: it may be in any language, and a function's own. */
function withoutValues(line: string): string {
  // The severity is translated; the two blanks behind it never are.
  const found = /^(.*?: (?:[^:]+: {2}|\p{Lu}{3,}: ))(.*)$/u.exec(line)
  if (found === null) return line.replace(/: ".*"?$/, `: ${HIDDEN}`)
  const [, before = '', said = ''] = found
  // While rows are copied, a value may be taken for the name of a role.
  const known = /: (?:could not execute query|query failed)\b| failed: FATAL/.test(before)
    ? [...OF_NAMES, MISSING]
    : OF_NAMES
  if (known.some((words) => words.test(said))) return line
  const [type = ''] = /^invalid input syntax for type [a-z ]+: /.exec(said) ?? []
  return before + type + HIDDEN
}
