import type { NotificationsView } from '../../api/contract.ts'
import { useAsked } from '../browser/use-asked.ts'
import { useLive } from '../live/use-live.ts'
import { Given, Panel } from '../parts/panel.tsx'
import { Sign } from '../parts/state.tsx'
import { shown } from '../parts/words.ts'

/** Who would be told of what; and that nobody is, yet. */
export function NotificationsPage() {
  const version = useLive(({ status }) => `${status?.startedAt} ${status?.notices.join()}`)
  const asked = useAsked<NotificationsView>('/v1/notifications', version)
  return (
    <>
      <div className="heading">
        <h1>Notifications</h1>
        <Sign tone="idle">Not active yet</Sign>
      </div>
      <p className="lead">
        What spec.notifications says is accepted and checked; this version sends nothing to anybody.
      </p>
      <Panel title="Slack">
        <Given asked={asked}>
          {({ slack }) =>
            slack === null ? (
              <p>Not configured: there is no spec.notifications.slack.</p>
            ) : (
              <dl className="facts">
                <dt>Enabled</dt>
                <dd>{slack.enabled ? 'yes; nothing is sent yet' : 'no'}</dd>
                <dt>Channel</dt>
                <dd>{slack.channel === null ? 'not said' : shown(slack.channel)}</dd>
                <dt>Address</dt>
                <dd>{slack.hasAddress ? 'given, and never shown: it is a secret' : 'not given'}</dd>
                <dt>Events</dt>
                <dd>{slack.events.length === 0 ? 'none named' : shown(slack.events.join(', '))}</dd>
              </dl>
            )
          }
        </Given>
      </Panel>
      <Panel title="How to be told meanwhile">
        <p>These pages show everything as it happens. In a terminal, and for programs:</p>
        <pre className="scrolls">honua events --follow</pre>
        <p>
          It prints each event as it is committed; with <code>-o json</code> a line of JSON each, for a script that
          tells whom it concerns.
        </p>
      </Panel>
    </>
  )
}
