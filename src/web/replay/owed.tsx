import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { fieldOf, gist, inLine, listOf } from './values.ts'

/** What the runtime has to do in a state, and what of it is new or no longer to be done since another. */
export function Owed({ before, context }: { readonly before: JsonObject; readonly context: JsonObject }) {
  const [owed, was] = [listOf(context['owed']), listOf(before['owed'])]
  const idOf = (effect: Json) => inLine(fieldOf(effect, 'id'))
  const [ids, old] = [new Set(owed.map(idOf)), new Set(was.map(idOf))]
  const gone = was.filter((effect) => !ids.has(idOf(effect)))
  return (
    <>
      {owed.length === 0 && <p className="faint">Nothing is owed.</p>}
      <ul className="effects">
        {owed.map((effect) => (
          <li key={idOf(effect)}>
            {old.has(idOf(effect)) ? (
              <Effect effect={effect} />
            ) : (
              <ins>
                <Effect effect={effect} />
              </ins>
            )}
          </li>
        ))}
        {gone.map((effect) => (
          <li key={idOf(effect)}>
            <span className="faint">no longer: </span>
            <del>
              <Effect effect={effect} />
            </del>
          </li>
        ))}
      </ul>
    </>
  )
}

function Effect({ effect }: { readonly effect: Json }) {
  const rest = isJsonObject(effect) ? Object.entries(effect).filter(([key]) => key !== 'id' && key !== 'kind') : []
  const about = rest.map(([key, value]) => `${inLine(key)} ${gist(value)}`).join(', ')
  return (
    <>
      <strong>{inLine(fieldOf(effect, 'kind'))}</strong> <code>{inLine(fieldOf(effect, 'id'))}</code> {about}
    </>
  )
}
