import type { EnvironmentView } from '../../api/contract.ts'
import { shown } from '../parts/words.ts'
import { OrderDialog } from './dialog.tsx'

/** Asks that a database goes back to a backup. Nothing happens until the request, which shows what will be lost, is approved. */
export function RestoreDialog({ view, close }: { readonly view: EnvironmentView; readonly close: () => void }) {
  const { name, targets } = view
  return (
    <OrderDialog
      close={close}
      asking={{
        title: `Restore a database of ${name}`,
        path: `/v1/environments/${encodeURIComponent(name)}/restore`,
        confirm: 'Ask for the restore',
        tone: 'danger',
        reason: 'needed',
        body: ({ reason, field }) => ({ reason, target: field('target'), backup: field('backup') }),
      }}
    >
      <p>
        This only asks. Nothing is put back until somebody approves the request, which shows what will be lost;
        afterwards {name} is held, so that a person looks at the database first.
      </p>
      <label>
        Database
        <select name="target" required defaultValue={targets.length === 1 ? targets[0] : ''}>
          {targets.length !== 1 && <option value="">Choose its target</option>}
          {targets.map((target) => (
            <option key={target} value={target}>
              {shown(target)}
            </option>
          ))}
        </select>
      </label>
      <label>
        Backup
        <input name="backup" required autoComplete="off" maxLength={128} aria-describedby="backup-hint" />
        <span id="backup-hint" className="faint hint">
          Its id, as the step create-backup tells it. A wrong one is answered with those that are there.
        </span>
      </label>
    </OrderDialog>
  )
}
