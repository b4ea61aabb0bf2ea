import { readMigration } from '../../../src/core/desired.ts'
import { makeResource } from '../../../src/core/resource.ts'
import type { LiveState, Resource } from '../../../src/core/vocabulary.ts'
import type { ApplyRequest, Driver } from '../../../src/ports/driver.ts'
import { calm, requestFor } from '../../contract/driver.requests.ts'

const FOLDER = 'environments/production/migrations'

/** What a file of that name (without `.sql`) declares. Throws where it is refused. */
export function aMigration(name: string, sql: string): Resource {
  const { parts, problems } = readMigration(`${name}.sql`, sql)
  const [first] = parts
  if (first === undefined || first.part.spec === null)
    throw new Error(problems.map(({ message }) => message).join('; '))
  return makeResource({ ...first.part, spec: first.part.spec })
}

/** From live to those migrations, each with the file that declares it; what is applied and no longer declared is left alone. */
export function migrationRequest(driver: Driver, live: LiveState, desired: readonly Resource[]): ApplyRequest {
  const request = requestFor(driver, live, desired)
  const changes = request.changes
    .filter(({ desired: wanted }) => wanted !== null)
    .map(({ change, desired: wanted }) => ({
      change: { ...change, location: { path: `${FOLDER}/${wanted?.name}.sql`, line: 1, column: 1 } },
      desired: wanted,
    }))
  return { ...request, changes }
}

/** Observes, and applies what is missing. */
export async function migrate(driver: Driver, desired: readonly Resource[]): Promise<ApplyRequest> {
  const request = migrationRequest(driver, await driver.observe([], calm()), desired)
  await driver.apply(request, calm())
  return request
}
