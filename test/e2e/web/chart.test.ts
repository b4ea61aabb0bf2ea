import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { layerFile } from '../../support/builders/layers.ts'
import { axeFindings } from '../../support/web/axe.ts'
import { openBrowser, openPage, shoot } from '../../support/web/browser.ts'
import { WebWorld } from '../../support/web/world.ts'

let browser: Browser
let world: WebWorld
let page: Page
let mistakes: readonly string[]
beforeAll(async () => {
  ;[browser, world] = await Promise.all([openBrowser(), WebWorld.open({ anonymous: 'read' })])
  ;({ page, mistakes } = await openPage(browser))
})
afterAll(async () => {
  await browser?.close()
  await world?.close()
})
afterEach(() => expect(mistakes).toEqual([]))

const active = (path: string) => page.locator(`[data-state="${path}"][data-active="true"]`)

describe('the chart', () => {
  it('shows', async () => {
    await page.goto(`${world.url}/environments/dev/chart`)
    await active('Synced.quiet').waitFor()
    await page.getByText('Takes now').click()
    await shoot(page, 'chart')
    await world.remote.commit(
      { 'environments/dev/layers/parcels.yaml': layerFile('parcels', { title: 'Cadastre' }) },
      'Rename the layer',
    )
    await page.locator('.chart-events').getByText('wave.applied').nth(1).waitFor()
    await active('Synced.quiet').waitFor()
    await page.locator('.chart-events').getByText('wave.applied').first().click()
    await page.getByText('Deploying.applying → Deploying.postValidating').waitFor()
    await shoot(page, 'chart-event')
    expect(await axeFindings(page)).toEqual([])
    const dark = await openPage(browser, { colorScheme: 'dark' })
    await dark.page.goto(`${world.url}/environments/production/chart`)
    await dark.page.locator(`[data-state="AwaitingApproval.asked"][data-active="true"]`).waitFor()
    await dark.page.getByText('Context').click()
    await shoot(dark.page, 'chart-dark')
    expect(await axeFindings(dark.page)).toEqual([])
    const phone = await openPage(browser, { colorScheme: 'dark', viewport: { width: 360, height: 740 } })
    await phone.page.goto(`${world.url}/environments/production/chart`)
    await phone.page.locator(`[data-state="AwaitingApproval.asked"][data-active="true"]`).waitFor()
    await shoot(phone.page, 'chart-phone')
    await page.goto(`${world.url}/source/chart`)
    await active('Watching').waitFor()
    await page.getByText('Watching', { exact: true }).first().waitFor()
    await shoot(page, 'chart-source')
    expect(await axeFindings(page)).toEqual([])
  })
})
