import type { Instant, Plan } from '../../core/vocabulary.ts'
import { Ago, When } from '../parts/time.tsx'
import { short } from '../parts/words.ts'

/** What an approval is bound to, and what makes it worth nothing. */
export function Voids({ plan, expiresAt }: { readonly plan: Plan; readonly expiresAt: Instant | null }) {
  const isRestore = plan.reason === 'recovery'
  return (
    <div className="voids">
      <p>
        Your approval counts for this plan alone: <code>{plan.digest.slice(0, 12)}</code>
        {!isRestore && (
          <>
            , which leads to release <code>{short(plan.release)}</code>
          </>
        )}
        . It is void as soon as
      </p>
      <ul>
        {isRestore ? (
          <>
            <li>the backup is another one than it was, or is gone</li>
            <li>anything that is shown here comes out otherwise when it is looked at again, just before</li>
          </>
        ) : (
          <>
            <li>
              a newer commit than <code>{short(plan.commit)}</code> touches {plan.environment}
            </li>
            <li>anything live changes on a target, whoever changes it</li>
            <li>the plan comes out otherwise in any field, when it is made again before the first write</li>
            <li>the rules of {plan.environment} change</li>
          </>
        )}
        {expiresAt !== null && (
          <li>
            nobody approves it until <When at={expiresAt} /> (<Ago at={expiresAt} />)
          </li>
        )}
      </ul>
    </div>
  )
}
