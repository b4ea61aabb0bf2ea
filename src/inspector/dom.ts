import { visible } from '../core/render/visible.ts'

/** An element with attributes and what is in it. Text is never taken for HTML. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...inside: readonly Node[]
): HTMLElement {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...inside)
  return made
}

/** A text with every character of it to be seen. */
export function text(given: string): Text {
  return document.createTextNode(given.split('\n').map(visible).join('\n'))
}

/** The element of the page with this id. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`index.html has no element "${id}"`)
  return found
}
