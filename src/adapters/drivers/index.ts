import { resolve } from 'node:path'
import { targetErrors } from '../../core/errors/target.ts'
import type { Driver } from '../../ports/driver.ts'
import { checkedUrl, isLinkLocal } from './address.ts'
import { CommandDriver } from './command/driver.ts'
import { DirectoryDriver } from './directory/driver.ts'
import { HonuaDriver } from './honua/driver.ts'
import { HttpDriver } from './http/driver.ts'
import type { HttpTarget } from './http/settings.ts'
import { PostgresDriver } from './postgres/driver.ts'
import type { PostgresTarget } from './postgres/settings.ts'
import {
  type DirectoryTarget,
  type DriverDeps,
  forEnvironment,
  type HonuaTarget,
  type TargetConfig,
} from './settings.ts'

export type { DirectoryTarget, DriverDeps, HonuaCredentials, HonuaTarget, TargetConfig } from './settings.ts'

/** An environment's name becomes part of paths and URLs. */
const SAFE_ENVIRONMENT = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

/**
 * The driver that carries plans out on `target` for one environment. Touches nothing yet. Throws HONUA_TARGET_CONFIG when the
 * configuration cannot work.
 */
export function openDriver(target: TargetConfig, environment: string, deps: DriverDeps): Driver {
  if (!SAFE_ENVIRONMENT.test(environment))
    throw targetErrors.config({
      target: target.name,
      problem: `the environment name ${JSON.stringify(environment)} cannot stand in a path`,
      remedy: 'use letters, digits, ".", "_" and "-" in environment names',
    })
  switch (target.driver) {
    case 'directory':
      return openDirectory(target, environment, deps)
    case 'honua':
      return openHonua(target, environment, deps)
    case 'http':
      return openHttp(target, environment, deps)
    case 'command':
      return new CommandDriver(target, environment, deps)
    case 'postgres':
      return openPostgres(target, environment, deps)
  }
}

function openDirectory(target: DirectoryTarget, environment: string, deps: DriverDeps): Driver {
  if (!Number.isInteger(target.keep) || target.keep < 1)
    throw targetErrors.config({
      target: target.name,
      problem: `keep is ${target.keep}`,
      remedy: 'set keep to a whole number, 1 or more',
    })
  const { health } = target
  const filled =
    health === undefined
      ? target
      : { ...target, health: { ...health, url: checkedUrl(target.name, forEnvironment(health.url, environment)).href } }
  return new DirectoryDriver(filled, resolve(forEnvironment(target.path, environment)), deps)
}

function openHonua(target: HonuaTarget, environment: string, deps: DriverDeps): Driver {
  const base = checkedUrl(target.name, forEnvironment(target.url, environment))
  return new HonuaDriver(filledFor(target, environment), base, deps)
}

function openHttp(target: HttpTarget, environment: string, deps: DriverDeps): Driver {
  const base = checkedUrl(target.name, forEnvironment(target.url, environment))
  const { namespaces } = target
  const asking = target.kinds.find(({ list }) => list.path.includes('{namespace}'))
  if (asking !== undefined && namespaces === undefined)
    throw targetErrors.config({
      target: target.name,
      problem: `the list of ${asking.kind} is asked for by namespace, and none is named`,
      remedy: 'name them in namespaces',
    })
  return new HttpDriver(filledFor(target, environment), environment, base, deps)
}

function openPostgres(target: PostgresTarget, environment: string, deps: DriverDeps): Driver {
  const filled = (text: string) => forEnvironment(text, environment)
  const { host, database, user, backup } = target
  if (host !== undefined && isLinkLocal(filled(host)))
    throw targetErrors.config({
      target: target.name,
      problem: `${filled(host)} is a link-local address`,
      remedy: 'set host to the database server',
    })
  return new PostgresDriver(
    {
      ...target,
      ...(host === undefined ? {} : { host: filled(host) }),
      ...(database === undefined ? {} : { database: filled(database) }),
      ...(user === undefined ? {} : { user: filled(user) }),
      ...(backup === undefined ? {} : { backup: { ...backup, folder: resolve(filled(backup.folder)) } }),
    },
    deps,
  )
}

/** With the environment's name where it stands for itself. */
function filledFor<One extends HonuaTarget | HttpTarget>(target: One, environment: string): One {
  const { namespaces, checks } = target
  const url = checks?.url
  return {
    ...target,
    ...(namespaces === undefined ? {} : { namespaces: namespaces.map((name) => forEnvironment(name, environment)) }),
    ...(url === undefined ? {} : { checks: { ...checks, url: forEnvironment(url, environment) } }),
  }
}
