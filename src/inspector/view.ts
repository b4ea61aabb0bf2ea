import type { AnyState } from 'xstate'
import { type Actor, type Actors, pathOf } from './actors.ts'
import { element, text } from './dom.ts'

/** One button an actor, with its state; pressed is the one that is shown. */
export function actorList(actors: Actors, chosen: string | null, choose: (id: string) => void): readonly Node[] {
  return [...actors.values()].map((actor) => {
    const name = element('b', {}, text(actor.id))
    const state = element('span', { class: 'state' }, text(actor.isStopped ? 'stopped' : pathOf(actor)))
    const button = element(
      'button',
      { type: 'button', 'aria-pressed': String(actor.id === chosen), 'data-key': actor.id },
      name,
      state,
    )
    button.addEventListener('click', () => choose(actor.id))
    return element('li', {}, button)
  })
}

/** What is to be seen of one actor, section by section. */
export function actorSections(actor: Actor): readonly Node[] {
  const { state, machine, events } = actor
  const able = state.nextEvents.filter((name) => name !== '')
  return [
    element('h2', {}, text(actor.id)),
    element('p', { class: 'now' }, text(actor.isStopped ? 'stopped' : pathOf(actor))),
    section('States', element('ul', { class: 'tree' }, ...branches(machine, state))),
    section(
      'Events it may take now',
      element('ul', { class: 'events' }, ...able.map((name) => element('li', {}, code(name)))),
    ),
    section(
      'Newest events',
      events.length === 0
        ? element('p', {}, text('None since this page was opened.'))
        : element('ol', { class: 'taken' }, ...events.map(({ place, name, data }) => taken(place, name, data))),
    ),
    section('Context', json(state.context, `${actor.id} context`)),
  ]
}

/** What is drawn of a state node. */
interface Branch {
  readonly id: string
  readonly key: string
  readonly description?: string | undefined
  readonly states: Readonly<Record<string, Branch>>
}

/** What an active state is about is told with it. */
function branches(node: Branch, state: AnyState): readonly Node[] {
  return Object.values(node.states).map((child) => {
    const isActive = state.configuration.some(({ id }) => id === child.id)
    const label = element('span', isActive ? { class: 'active', 'aria-current': 'true' } : {}, text(child.key))
    const inner = branches(child, state)
    const about = child.description === undefined || !isActive ? [] : [element('small', {}, text(child.description))]
    return element('li', {}, label, ...about, ...(inner.length === 0 ? [] : [element('ul', {}, ...inner)]))
  })
}

function taken(place: string, name: string, data: unknown): Node {
  const summary = element('summary', { 'data-key': place }, code(name), text(` ${place}`))
  return element('li', {}, element('details', {}, summary, json(data, `${place} data`)))
}

function section(title: string, content: Node): Node {
  return element('section', { 'aria-label': title }, element('h3', {}, text(title)), content)
}

function code(word: string): Node {
  return element('code', {}, text(word))
}

function json(value: unknown, key: string): Node {
  return element('pre', { tabindex: '0', 'data-key': key }, text(JSON.stringify(value, null, 2)))
}
