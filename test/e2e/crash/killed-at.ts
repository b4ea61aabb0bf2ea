import { join } from 'node:path'
import { expect } from 'vitest'
import { CLI } from '../../support/controller-process.ts'
import { CRASH_PASSING, CRASH_POINT, CRASH_TIDY, type PointName } from './entry/points.ts'
import type { CrashWorld } from './world.ts'

/** The honua program with the points around it; built with the program. */
export const ENTRY = join(CLI, '../../../test/e2e/crash/entry/main.js')

/** Where a process kills itself: at the n-th passing of a point. */
export interface Where {
  readonly point: PointName
  readonly passing: number
}

/** Starts the controller so that it kills itself there. */
export function launchUntil(
  world: CrashWorld,
  { point, passing }: Where,
  env: Readonly<Record<string, string>> = {},
): void {
  world.controller.launch({
    command: [process.execPath, ENTRY],
    env: { [CRASH_POINT]: point, [CRASH_PASSING]: String(passing), ...env },
  })
}

/** The process killed itself there, and did not end in another way. */
export async function diedThere(world: CrashWorld, { point }: Where): Promise<void> {
  const how = await world.controller.death()
  expect(
    [how, world.controller.output.includes(`killed at ${point}\n`)],
    world.controller.output.slice(-2_000),
  ).toEqual(['SIGKILL', true])
}

/** Starts it with nothing to die of; it tells each point that it passes. */
export function launchTelling(world: CrashWorld, options: { readonly tidy?: boolean } = {}): void {
  world.controller.launch({
    command: [process.execPath, ENTRY],
    env: options.tidy === true ? { [CRASH_TIDY]: '1' } : {},
  })
}

/** How often the newest process passed each point. */
export function passings(world: CrashWorld): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const [, point = ''] of world.controller.output.matchAll(/^passed (.+)$/gm))
    counts.set(point, (counts.get(point) ?? 0) + 1)
  return counts
}
