import { makeResource } from '../../../src/core/resource.ts'
import type { Action, OutsideEdit } from '../script.ts'
import { type ActTrouble, isActTrouble } from './acts.ts'
import { edited } from './edits.ts'
import type { SimTarget, TargetTrouble } from './target.ts'
import type { SimWorld } from './world.ts'

/** Lets one action of a script happen. */
export function happen(world: SimWorld, action: Action): void {
  if (world.isHealed) return
  switch (action.kind) {
    case 'commit':
      world.count(`commit: ${action.edit}`)
      world.git.commit(action.environment, (folder) => edited(folder, action.edit, action.pick))
      break
    case 'force-push':
      world.count('git: force-push')
      world.git.forcePush(action.back, action.environment, (folder) => edited(folder, 'edit', action.pick))
      break
    case 'rewind':
      world.count('git: rewind')
      world.git.rewind(action.back)
      break
    case 'git':
      gitTrouble(world, action)
      break
    case 'target': {
      const target = targetOf(world, action)
      const { trouble, forMs } = action
      whileOn(world, `target: ${trouble}`, forMs, (isOn) => {
        if (target !== undefined) troubled(target, trouble, isOn)
      })
      break
    }
    case 'outside': {
      world.count(`outside: ${action.edit}`)
      const target = targetOf(world, action)
      if (target !== undefined) changeOutside(target, action.edit, action.pick)
      break
    }
    case 'person':
      world.count(`person: ${action.order}`)
      world.people.act(action)
      break
    case 'backup':
      world.count(`backup: ${action.how}`)
      for (const target of world.targetsOf(action.environment))
        if (target.member.role === 'database') backupHappens(target, action)
      break
    case 'clock':
      world.count('clock: jump')
      world.jump(action.ms)
      break
    case 'configure':
      world.count('configuration')
      world.configure(action.environment, action.change)
      break
    case 'disk':
      diskTrouble(world, action)
      break
    case 'crash':
      world.planCrash(action)
      break
    case 'tamper':
      void world.tamper(action.how, action.pick)
  }
}

/** The target that is named, or the first. */
function targetOf(
  world: SimWorld,
  { environment, target }: { readonly environment: string; readonly target?: string },
): SimTarget | undefined {
  const all = world.targetsOf(environment)
  return target === undefined ? all[0] : all.find(({ name }) => name === target)
}

function troubled(target: SimTarget, trouble: TargetTrouble | ActTrouble, isOn: boolean): void {
  if (isActTrouble(trouble)) {
    if (isOn) target.acts.trouble(trouble)
    else target.acts.relieve(trouble)
  } else if (isOn) target.trouble(trouble)
  else target.relieve(trouble)
}

function backupHappens(target: SimTarget, { how, pick }: Extract<Action, { kind: 'backup' }>): void {
  if (how === 'made') target.makeBackup()
  else if (how === 'gone') target.backups.lose(pick)
  else target.alterBackup(pick)
}

/** Switches something on, and after a while off again. */
function whileOn(world: SimWorld, what: string, forMs: number, set: (isOn: boolean) => void): void {
  world.count(what)
  set(true)
  world.time.after(forMs, () => set(false))
}

function gitTrouble(world: SimWorld, { trouble, forMs }: Extract<Action, { kind: 'git' }>): void {
  const { git } = world
  whileOn(world, `git: ${trouble}`, forMs, (isOn) => {
    if (trouble === 'down') git.isDown = isOn
    else if (trouble === 'gone') git.isGone = isOn
    else if (trouble === 'cache') git.isCacheBad = isOn
    else git.slowMs = isOn ? 10_000 : 0
  })
}

function diskTrouble(world: SimWorld, { trouble, forMs }: Extract<Action, { kind: 'disk' }>): void {
  const { disk } = world
  whileOn(world, `disk: ${trouble}`, forMs, (isOn) => {
    if (trouble === 'full') disk.isFull = isOn
    else if (trouble === 'slow') disk.slowMs = isOn ? 3_000 : 0
    else disk.failsNext = isOn
    // Nothing more is written until somebody starts the controller again.
    if (trouble === 'fails' && !isOn && world.run?.store.health().state === 'failed')
      world.crash('an operator restarts it')
  })
}

/** Changes a target as somebody else would: something that Git declares, or something of their own. */
function changeOutside(target: SimTarget, edit: OutsideEdit, pick: number): void {
  if (edit === 'foreign') {
    const name = `foreign-${pick % 3}`
    target.outside(`Layer/default/${name}`, () => foreign(name, pick), edit)
    return
  }
  const keys = [...target.resources.keys()].filter((key) => !key.includes('/foreign-'))
  const key = keys[pick % Math.max(1, keys.length)]
  if (key === undefined) return
  target.outside(
    key,
    (resource) =>
      edit === 'delete' || resource === undefined
        ? null
        : makeResource({ ...resource, spec: { ...resource.spec, title: `changed by hand ${pick}` } }),
    edit,
  )
}

/** What somebody else keeps on the same target, under a name that Git never declares. */
function foreign(name: string, pick: number) {
  return makeResource({
    apiVersion: 'honua.io/v1',
    kind: 'Layer',
    namespace: 'default',
    name,
    metadata: {},
    spec: { title: `not ours ${pick}`, geometryType: 'Point', storage: { table: 'public.theirs' } },
  })
}
