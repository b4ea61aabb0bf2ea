import type { EnvironmentView } from '../../api/contract.ts'
import { countsOf, ORDERS, type Order, SHOWS, type Show } from './arrange.ts'

export interface Asked {
  readonly text: string
  readonly show: Show
  readonly order: Order
}

/** What the address asks for, so that it can be sent to a colleague and is there again on the way back. */
export function askedInAddress(): Asked {
  const query = new URLSearchParams(location.search)
  return {
    text: query.get('find') ?? '',
    show: SHOWS.find(({ show }) => show === query.get('show'))?.show ?? 'all',
    order: ORDERS.find(({ order }) => order === query.get('order'))?.order ?? 'trouble',
  }
}

export function addressOf({ text, show, order }: Asked): string {
  const query = new URLSearchParams({
    ...(text === '' ? {} : { find: text }),
    ...(show === 'all' ? {} : { show }),
    ...(order === 'trouble' ? {} : { order }),
  })
  return query.size === 0 ? '/' : `/?${query}`
}

/** Narrows the environments down. What nobody is in can still be asked for: its count says so. */
export function Finder(props: {
  readonly views: readonly EnvironmentView[]
  readonly asked: Asked
  readonly ask: (asked: Asked) => void
}) {
  const { views, asked, ask } = props
  const counts = countsOf(views)
  return (
    <search className="finder">
      <label>
        Find
        <input
          type="search"
          value={asked.text}
          placeholder="name, commit, target, reason"
          onChange={({ target }) => ask({ ...asked, text: target.value })}
        />
      </label>
      <label>
        Order
        <select
          value={asked.order}
          onChange={({ target }) =>
            ask({ ...asked, order: ORDERS.find(({ order }) => order === target.value)?.order ?? 'trouble' })
          }
        >
          {ORDERS.map(({ order, label }) => (
            <option key={order} value={order}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <fieldset className="shows">
        <legend>Show</legend>
        {SHOWS.map(({ show, label }) => (
          <button
            key={show}
            type="button"
            aria-pressed={asked.show === show}
            className={counts[show] === 0 ? 'none' : ''}
            onClick={() => ask({ ...asked, show })}
          >
            {label} <span className="count">{counts[show]}</span>
          </button>
        ))}
      </fieldset>
    </search>
  )
}
