import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { layerFile } from '../../support/builders/layers.ts'
import { TOKEN } from '../../support/controller-process.ts'
import { axeFindings } from '../../support/web/axe.ts'
import { openBrowser, openPage, shoot } from '../../support/web/browser.ts'
import { WebWorld } from '../../support/web/world.ts'

let browser: Browser
let world: WebWorld
let page: Page
let mistakes: readonly string[]
beforeAll(async () => {
  ;[browser, world] = await Promise.all([openBrowser(), WebWorld.open()])
  ;({ page, mistakes } = await openPage(browser))
  await page.goto(world.url)
  await page.getByLabel('Token').fill(TOKEN)
  await page.getByRole('button', { name: 'Sign in' }).click()
})
afterAll(async () => {
  await browser?.close()
  await world?.close()
})
afterEach(() => expect(mistakes).toEqual([]))

const card = (name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) })

describe('the overview', () => {
  it('shows each environment with its state and why it is so', async () => {
    await card('dev').getByText('Synced').waitFor()
    await card('production').getByText('Awaits approval').waitFor()
    await card('production').getByText('A person must approve 1 to create').waitFor()
    await card('staging').getByText('Out of sync').waitFor()
    expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual(['dev', 'production', 'staging'])
    await shoot(page, 'overview')
    expect(await axeFindings(page)).toEqual([])
  })

  it('shows a push without being asked, with nothing loaded anew', async () => {
    await page.evaluate('window.isTheSamePage = true')
    const commit = await world.remote.commit(
      { 'environments/dev/layers/parcels.yaml': layerFile('parcels', { title: 'Cadastre' }) },
      'Rename the layer',
    )
    await card('dev')
      .getByText(`${commit.slice(0, 8)}`)
      .first()
      .waitFor()
    await card('dev').getByText('the same').waitFor()
    expect(await page.evaluate('window.isTheSamePage')).toBe(true)
  })
})
