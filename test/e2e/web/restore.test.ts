/** A real database goes back to a backup by the pages alone: asked for, shown with what will be lost, approved. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { ControllerProcess, TOKEN } from '../../support/controller-process.ts'
import { fileRemote, type GitRemote } from '../../support/git-remotes/index.ts'
import { PASSWORD, type PostgresServer, startPostgres, USER } from '../../support/postgres/server.ts'
import { axeFindings } from '../../support/web/axe.ts'
import { openBrowser, openPage, shoot } from '../../support/web/browser.ts'

const FOLDER = 'environments/dev/migrations'
const TOPOLOGY = stringify({
  apiVersion: 'honua.io/v1',
  kind: 'Topology',
  metadata: { name: 'city' },
  spec: {
    database: { target: 'database' },
    deploymentCoordination: { phases: { database: ['create-backup', 'run-migrations'] } },
  },
})

let browser: Browser
let server: PostgresServer
let database: string
let remote: GitRemote
let controller: ControllerProcess
beforeAll(async () => {
  ;[browser, server, remote] = await Promise.all([openBrowser(), startPostgres(), fileRemote()])
  database = await server.database()
  controller = new ControllerProcess({}, { 'database-password': PASSWORD })
  controller.configure({
    git: { url: remote.url, poll: { interval: '200ms' } },
    dataDir: join(controller.folder, 'data'),
    socket: controller.socket,
    secretsDir: join(controller.folder, 'secrets'),
    sync: { dev: { autoSync: true } },
    web: { enabled: true, port: 0 },
    targets: [
      {
        ...{ name: 'database', driver: 'postgres', environments: ['dev'], host: '127.0.0.1', port: server.port },
        ...{ database, user: USER, credentials: { type: 'password', secretRef: 'database-password' } },
        ...{ tls: { mode: 'off' }, lockTimeout: '60s' },
        backup: { folder: join(controller.folder, 'backups'), tables: ['parcels'], pgDump: '/nowhere/pg_dump' },
      },
    ],
  })
  const first = await remote.commit(
    {
      [`${FOLDER}/001_parcels.sql`]:
        "create table parcels (id int primary key, owner text); insert into parcels values (1, 'anna'), (2, 'otto');",
    },
    'first',
  )
  await controller.start()
  await controller.synced('dev', first)
  const second = await remote.commit(
    {
      'environments/dev/topology.yaml': TOPOLOGY,
      [`${FOLDER}/002_emptied.sql`]:
        "-- honua:compatibility-review reason=nobody noticed\nupdate parcels set owner = 'nobody';\n",
    },
    'second',
  )
  await controller.synced('dev', second)
})
afterAll(async () => {
  await browser?.close()
  await controller?.remove()
  await remote?.close()
  await server?.stop()
})

it('is asked for, and approved as what it is: a restore, with what it loses', async () => {
  const { page, mistakes } = await openPage(browser)
  const [, url = ''] = /"url":"(http:[^"]+)","msg":"the dashboard is open"/.exec(controller.output) ?? []
  await page.goto(`${url}/enter`)
  await page.getByLabel('Token').fill(TOKEN)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'dev', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'Restore …', exact: true }).click()
  const [backup = ''] = readdirSync(join(controller.folder, 'backups'))
  await dialog.getByLabel('Backup').fill('20000101T000000Z-000000000000')
  await dialog.getByLabel('Reason').fill('owners are gone')
  await dialog.getByRole('button', { name: 'Ask for the restore' }).click()
  await dialog.getByRole('alert').getByText(`name one of ${backup}`).waitFor()
  await dialog.getByLabel('Backup').fill(backup)
  await dialog.getByRole('button', { name: 'Ask for the restore' }).click()
  await page.getByRole('button', { name: 'Approve …', exact: true }).click()
  await dialog.getByRole('heading', { name: /^Approve the restore dev-/ }).waitFor()
  await dialog.getByText('everything written to them since then is lost').waitFor()
  await dialog.getByText('the backup is another one than it was').waitFor()
  await shoot(page, 'restore-approval')
  expect(await axeFindings(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Approve this restore' }).click()
  await page.getByRole('region', { name: 'A person is needed' }).waitFor()
  const owners = await server.sql(database, 'select owner from parcels order by id')
  expect(owners.map(({ owner }) => owner)).toEqual(['anna', 'otto'])
  await page.getByRole('region', { name: 'Deployments' }).getByRole('link').first().click()
  await page.getByRole('region', { name: 'Targets' }).getByText('rolled back').waitFor()
  await shoot(page, 'restored')
  expect(mistakes).toEqual([])
})
