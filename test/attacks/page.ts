import type { Chapter, Held, Threat } from './corpus/threat.ts'

const BEGIN = '<!-- attacks: written by `npm run reference` -->'
const END = '<!-- end of attacks -->'

/** A page of the docs with the list between its two marks as the corpus has it. Throws where a mark is missing. */
export function withAttacks(page: string, chapters: readonly Chapter[]): string {
  const [before, rest] = page.split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined) throw new Error(`the page has no ${BEGIN} with ${END} behind it`)
  return `${before}${BEGIN}\n\n${attacks(chapters)}\n\n${END}${after}`
}

/** Every threat by its number, and what holds it. */
function attacks(chapters: readonly Chapter[]): string {
  const all = chapters.flatMap(({ threats }) => threats)
  const count = (by: Held['by']) => all.filter(({ held }) => held.by === by).length
  return [
    `Of ${all.length} threats, ${count('test')} are held by a test, ${count('later')} come with what is still to be built, and ${count('absence')} find nothing to attack.`,
    ...chapters.map(
      ({ name, threats }) =>
        `### ${name}\n\n| | what is tried | what holds it |\n|---|---|---|\n${threats.map(row).join('\n')}`,
    ),
  ].join('\n\n')
}

function row({ id, what, held }: Threat): string {
  return `| ${id} | ${cell(what)} | ${cell(told(held))} |`
}

function told(held: Held): string {
  switch (held.by) {
    case 'test':
      return `[${held.file}](../${held.file}): ${held.title}`
    case 'later':
      return `comes with ${held.with}; until then: ${held.until}`
    case 'absence':
      return `nothing to attack: ${held.because}`
  }
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
