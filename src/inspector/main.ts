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
    replace(byId('actors'), () => actorList(actors, chosen, choose))
    const actor = chosen === null ? undefined : actors.get(chosen)
    if (actor !== undefined) replace(byId('actor'), () => actorSections(actor))
  })
}

function choose(id: string): void {
  chosen = id
  draw()
}

/** Puts new content in: what has a key is focused, open and scrolled as it was. */
function replace(parent: HTMLElement, make: () => readonly Node[]): void {
  const before = new Map(keyed(parent).map((one) => [one.dataset['key'], placeOf(one)]))
  parent.replaceChildren(...make())
  for (const one of keyed(parent)) {
    const place = before.get(one.dataset['key'])
    if (place === undefined) continue
    if (one.parentElement instanceof HTMLDetailsElement) one.parentElement.open = place.isOpen
    one.scrollTop = place.scrollTop
    if (place.isFocused) one.focus({ preventScroll: true })
  }
}

function keyed(parent: HTMLElement): readonly HTMLElement[] {
  return [...parent.querySelectorAll<HTMLElement>('[data-key]')]
}

function placeOf(one: HTMLElement) {
  const { scrollTop, parentElement } = one
  const isOpen = parentElement instanceof HTMLDetailsElement && parentElement.open
  return { scrollTop, isOpen, isFocused: one.matches(':focus') }
}

function status(...words: readonly Node[]): void {
  byId('connection').replaceChildren(...words)
}
