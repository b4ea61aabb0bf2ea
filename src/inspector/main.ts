import './page.css'
import { type Actors, next } from './actors.ts'
import { connect } from './connection.ts'
import { byId, element, text } from './dom.ts'
import { actorList, actorSections } from './view.ts'

let actors: Actors = new Map()
let chosen: string | null = null
let isDrawing = false

connect({
  told(event) {
    if (actors.size === 0) status(text('Connected'))
    actors = next(actors, event)
    chosen ??= event.sessionId
    draw()
  },
  closed({ reason, wasOpen }) {
    const why = reason === '' ? 'The connection ended.' : `The connection ended: ${reason}.`
    const again = element('button', { type: 'button' }, text('Connect again'))
    again.addEventListener('click', () => location.reload())
    if (wasOpen) status(text(`${why} What is shown is as it was then. `), again)
    else
      status(
        text('The controller lets nobody in who has not signed in, and few at a time. '),
        element('a', { href: '/enter' }, text('Sign in')),
        text(', then '),
        again,
      )
  },
})

/** At most once a frame, however much happens. */
function draw(): void {
  if (isDrawing) return
  isDrawing = true
  requestAnimationFrame(() => {
    isDrawing = false
    keepingFocus(byId('actors'), () => actorList(actors, chosen, choose))
    const actor = chosen === null ? undefined : actors.get(chosen)
    if (actor !== undefined) keepingFocus(byId('actor'), () => actorSections(actor))
  })
}

function choose(id: string): void {
  chosen = id
  draw()
}

/** Puts new content in, with the same place focused and the same details open as before. */
function keepingFocus(parent: HTMLElement, make: () => readonly Node[]): void {
  const places = () => [...parent.querySelectorAll<HTMLElement>('button, summary, pre')]
  const at = places().findIndex((one) => one.matches(':focus'))
  const title = (details: HTMLDetailsElement) => details.querySelector('summary')?.textContent ?? ''
  const open = new Set([...parent.querySelectorAll('details')].filter((one) => one.open).map(title))
  parent.replaceChildren(...make())
  for (const one of parent.querySelectorAll('details')) one.open = open.has(title(one))
  if (at !== -1) places()[at]?.focus({ preventScroll: true })
}

function status(...words: readonly Node[]): void {
  byId('connection').replaceChildren(...words)
}
