/** Rows of the docs that are made from the code: the steps, and what the checking ones take. */
import { z } from 'zod'
import { checkInputs, checkSteps } from '../../src/core/checks/index.ts'
import { formatDuration } from '../../src/core/duration.ts'
import { isJsonObject, type Json } from '../../src/core/json.ts'
import { stepLibrary } from '../../src/core/topology/index.ts'

/** A row for each input of each checking step. */
export function inputRows(): readonly string[] {
  return checkSteps.flatMap((step) => {
    const schema: Json = JSON.parse(
      JSON.stringify(z.toJSONSchema(checkInputs[step], { io: 'input', unrepresentable: 'any' })),
    )
    const properties = isJsonObject(schema) && isJsonObject(schema['properties']) ? schema['properties'] : {}
    return Object.entries(properties).map(([input, inner]) => {
      const { default: fallback, description = '' } = isJsonObject(inner) ? inner : {}
      return `| \`${step}\` | \`${input}\` | ${fallback === undefined ? '' : `\`${JSON.stringify(fallback)}\``} | ${String(description)} |`
    })
  })
}

/** A row for each step of the library. */
export function stepRows(): readonly string[] {
  return stepLibrary.map(({ name, phase, does, means, on, when, timeoutMs, tries, undo }) => {
    const about = on.length === 0 ? 'all' : on.join(', ')
    const only = when === undefined ? '' : `; when ${when.join(', ')} change`
    return `| \`${name}\` | ${phase} | ${does} | ${means} | ${about}${only} | ${formatDuration(timeoutMs)} | ${tries} | ${undo} |`
  })
}
