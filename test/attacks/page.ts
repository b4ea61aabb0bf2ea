import type { Chapter, Held, Threat } from './corpus.ts'

/** docs/attacks.md: every threat by its number, and what holds it. */
export function attacksPage(chapters: readonly Chapter[]): string {
  const all = chapters.flatMap(({ threats }) => threats)
  const count = (by: Held['by']) => all.filter(({ held }) => held.by === by).length
  return `${[
    '# Attacks and faults that were considered',
    `Written by \`npm run reference\` from test/attacks/corpus.ts. Of ${all.length}, ${count('test')} are held by a test, ${count('later')} come with what is still to be built, and ${count('absence')} find nothing to attack.`,
    ...chapters.map(
      ({ name, threats }) =>
        `## ${name}\n\n| | what is tried | what holds it |\n|---|---|---|\n${threats.map(row).join('\n')}`,
    ),
  ].join('\n\n')}\n`
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
