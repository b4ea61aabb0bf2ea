import type { ActRequest, ApplyRequest } from '../../../../src/ports/driver.ts'
import { abilitiesOf, geometryOf, takes } from '../../world/site.ts'
import type { SimTarget } from '../../world/target.ts'
import type { Judge } from '../judge.ts'

/** What a target cannot do is never asked of it. */
export function examineWrite(judge: Judge, { name, member, resources }: SimTarget, { changes }: ApplyRequest): void {
  const able = abilitiesOf(member)
  for (const { change, desired } of changes) {
    const { key, action, means } = change
    const live = resources.get(key)?.resource
    const isReshaped = live !== undefined && desired !== null && geometryOf(live) !== geometryOf(desired)
    const isAble =
      action === 'delete'
        ? able.delete === 'delete' || (able.delete === 'disable' && means === 'disable')
        : !isReshaped ||
          live.digest !== change.before ||
          able.fixed.every(({ then }) => then === 'recreate' && means === 'recreate')
    judge.examine('abilities', isAble, () => `${name} is sent ${action} of ${key}, which it cannot do`)
    const isHere = desired === null || takes(member, desired)
    judge.examine('abilities', isHere, () => `${name} is sent ${key}, which does not belong there`)
  }
}

export function examineAct(judge: Judge, { name, member }: SimTarget, { action }: ActRequest): void {
  const isAble = abilitiesOf(member).actions?.includes(action) === true
  judge.examine('abilities', isAble, () => `${name} is asked for ${action}, which it cannot do`)
}
