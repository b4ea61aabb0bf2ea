import { visible } from '../core/render/index.ts'
import type { LeftOver, PlaceLeft, SomeKeys } from '../core/vocabulary.ts'
import type { Output } from './output.ts'

/** What a rollback did not bring back: what is where, a line for each resource that is named. */
export function leftLines({ targets, drained, notDoneAgain }: LeftOver, out: Output): readonly string[] {
  const rows = [
    ...targets.flatMap(({ target, unread, restored, asDeployed, neither, unknown }) => [
      ...(unread === null ? [] : [[target, `not read (${unread})`, '']]),
      ...rowsOf(target, 'restored', restored),
      ...rowsOf(target, 'as deployed', asDeployed),
      ...rowsOf(target, 'neither', neither),
      ...rowsOf(target, 'unknown', unknown),
    ]),
    ...drained.map((place) => [place.target, 'still drained', place.instance]),
    ...notDoneAgain.map((place) => [place.target, 'not done again', placeWords(place)]),
  ]
  return ['', ...out.table(['TARGET', 'LEFT', 'WHAT'], rows)]
}

function rowsOf(target: string, what: string, { keys, total }: SomeKeys): readonly (readonly string[])[] {
  const rows = keys.map((key) => [target, what, visible(key)])
  return total > keys.length ? [...rows, [target, what, `and ${total - keys.length} more`]] : rows
}

function placeWords({ step, instance, target }: PlaceLeft): string {
  return instance === target ? step : `${step} (${instance})`
}
