import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { layerFile } from '../../support/builders/layers.ts'
import { TOKEN } from '../../support/controller-process.ts'
import { axeFindings } from '../../support/web/axe.ts'
import { openBrowser, openPage, shoot } from '../../support/web/browser.ts'
import { WebWorld } from '../../support/web/world.ts'

/** What would act if it were taken for HTML or a link, and what would mislead if it were shown as it is. */
const HOSTILE = '<img src=x onerror=alert(1)></script><script>alert(2)</script> javascript:alert(3) \u202Egnp.exe'

let browser: Browser
let world: WebWorld
let page: Page
let mistakes: readonly string[]
beforeAll(async () => {
  ;[browser, world] = await Promise.all([openBrowser(), WebWorld.open({ anonymous: 'read' })])
  ;({ page, mistakes } = await openPage(browser))
  await page.goto(`${world.url}/enter`)
  await page.getByLabel('Token').fill(TOKEN)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Environments' }).waitFor()
})
afterAll(async () => {
  await browser?.close()
  await world?.close()
})
afterEach(() => expect(mistakes).toEqual([]))

const card = (name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) })
const panel = (name: string) => page.getByRole('region', { name, exact: true })
const state = (words: string) => page.locator('.heading .sign', { hasText: words })
const give = async (label: string, confirm: string, reason?: string) => {
  await page.getByRole('button', { name: `${label} …`, exact: true }).click()
  if (reason !== undefined) await page.getByLabel('Reason').fill(reason)
  await page.getByRole('button', { name: confirm, exact: true }).click()
  await page.locator('dialog').waitFor({ state: 'detached' })
}

describe('the overview', () => {
  it('shows each environment with its state and why it is so', async () => {
    await card('dev').getByText('Synced').waitFor()
    await card('production').getByText('Awaits approval').waitFor()
    await card('production').getByText('A person must approve: 1 to create').waitFor()
    await card('staging').getByText('Out of sync').waitFor()
    const names = await page.getByRole('heading', { level: 2 }).allInnerTexts()
    expect(names.toSorted()).toEqual(['dev', 'production', 'staging'])
    await shoot(page, 'overview')
    expect(await axeFindings(page)).toEqual([])
  })

  it('shows a push without being asked, with nothing loaded anew', async () => {
    await page.evaluate('window.isTheSamePage = true')
    const commit = await world.remote.commit(
      { 'environments/dev/layers/parcels.yaml': layerFile('parcels', { title: 'Cadastre' }) },
      'Rename the layer',
    )
    await card('dev').getByText(commit.slice(0, 8)).first().waitFor()
    await card('dev').getByText('the same').waitFor()
    expect(await page.evaluate('window.isTheSamePage')).toBe(true)
  })
})

describe('an environment', () => {
  it('shows its plan field by field, its gates, and what can be ordered or why not', async () => {
    await page.getByRole('link', { name: 'production', exact: true }).click()
    await expect.poll(() => page.title()).toBe('production: Now · Honua GitOps')
    expect(await page.evaluate('document.activeElement.id')).toBe('content')
    await panel('Plan').getByText('Layer/default/parcels').first().waitFor()
    await panel('Plan').getByText('As text').click()
    await panel('Plan').getByText('+   title: Parcels of production').waitFor()
    await panel('Gates').getByText('asks').first().waitFor()
    const unhold = page.getByRole('button', { name: 'Lift the hold' })
    expect(await unhold.getAttribute('aria-disabled')).toBe('true')
    await page.getByText('Nothing is held').waitFor()
    await shoot(page, 'environment')
    expect(await axeFindings(page)).toEqual([])
  })

  it('is approved with exactly what will be applied in view', async () => {
    await page.getByRole('button', { name: 'Approve' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Exactly this will be applied to production').waitFor()
    await dialog.getByText('a newer commit than').waitFor()
    await shoot(page, 'approval')
    expect(await axeFindings(page)).toEqual([])
    // What is approved is what was seen: a push in between voids it, and the dialog says so.
    await world.remote.commit(
      { 'environments/production/layers/parcels.yaml': layerFile('parcels', { title: 'Slipped in' }) },
      'Change what is about to be approved',
    )
    await dialog.getByRole('alert').getByText('What would be deployed changed before it was approved').waitFor()
    expect(await dialog.getByRole('button', { name: 'Approve this plan' }).isDisabled()).toBe(true)
    expect(await axeFindings(page)).toEqual([])
    await shoot(page, 'approval-void')
    await dialog.getByRole('button', { name: 'Leave it' }).click()
    await page.getByRole('button', { name: 'Approve …', exact: true }).click()
    await dialog.getByText('As text').click()
    await dialog.getByText('Slipped in').first().waitFor()
    await dialog.getByLabel('Reason').fill('checked with the city')
    await dialog.getByRole('button', { name: 'Approve this plan' }).click()
    await state('Synced').waitFor()
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Approve …')
    const deployments = await world.controller.deployments()
    expect(deployments.find(({ environment }) => environment === 'production')).toMatchObject({
      state: 'Completed',
      approvedBy: { name: 'tester', how: 'token' },
    })
  })

  it('is held with a reason, and goes on when the hold is lifted', async () => {
    await give('Hold', 'Hold', 'elections')
    await panel('Held').getByText('elections (tester').waitFor()
    await page.getByText('It is held; lift the hold first').first().waitFor()
    await give('Lift the hold', 'Lift it')
    await state('Synced').waitFor()
    await panel('Held').waitFor({ state: 'detached' })
  })

  it('shows what is hostile in the repository as text, every character of it', async () => {
    await world.remote.commit(
      { 'environments/production/layers/parcels.yaml': layerFile('parcels', { title: HOSTILE }) },
      HOSTILE,
    )
    await panel('Plan').getByText('\\u{202e}gnp.exe').first().waitFor()
    await panel('Plan').getByText('<img src=x onerror=alert(1)>').first().waitFor()
    expect(await page.locator('main img, main script, main a[href^="javascript" i]').count()).toBe(0)
    await shoot(page, 'hostile')
  })

  it('is rejected with a reason, and the deployment tells it', async () => {
    await give('Reject', 'Reject', 'not now')
    await panel('Deployments').getByText('Failed: rejected').waitFor()
    await panel('Deployments').getByRole('link').first().click()
    await panel('States').getByText('not now').waitFor()
    await shoot(page, 'deployment')
    expect(await axeFindings(page)).toEqual([])
  })

  it('is rolled back to the release before', async () => {
    await page.goto(`${world.url}/environments/dev`)
    await give('Roll back', 'Roll back', 'wrong title')
    await panel('Deployments').getByText('RolledBack').waitFor()
    const view = await world.controller.environment('dev')
    expect(view?.quarantine).toHaveLength(1)
  })
})

describe('the other pages', () => {
  it('show the timeline, the source and the audit log', async () => {
    await page.getByRole('link', { name: 'Timeline' }).click()
    await panel('Timeline').getByText('rollback.requested', { exact: true }).waitFor()
    await shoot(page, 'timeline')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('link', { name: 'Source' }).click()
    await panel('Facts').getByText('main').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('link', { name: 'Audit' }).click()
    await page.getByText('checked with the city').waitFor()
    await shoot(page, 'audit')
    expect(await axeFindings(page)).toEqual([])
  })
})

describe('somebody who has not signed in', () => {
  it('sees everything, is told what is missing for an order, is refused by the controller too, and comes back signed in', async () => {
    const stranger = await openPage(browser)
    await stranger.page.goto(`${world.url}/environments/production`)
    const hold = stranger.page.getByRole('button', { name: 'Hold …', exact: true })
    await hold.waitFor()
    expect(await hold.getAttribute('aria-disabled')).toBe('true')
    expect(await stranger.page.getByText('Sign in to give orders').count()).toBe(8)
    const headers = { 'content-type': 'application/json', 'honua-request': '1' }
    const refused = await stranger.page.request.post(`${world.url}/v1/environments/production/sync`, {
      headers,
      data: {},
    })
    expect(refused.status()).toBe(401)
    await stranger.page.getByRole('link', { name: 'Sign in' }).click()
    await stranger.page.getByLabel('Token').fill(TOKEN)
    await stranger.page.getByRole('button', { name: 'Sign in' }).click()
    await expect.poll(() => hold.getAttribute('aria-disabled')).toBe('false')
    expect(new URL(stranger.page.url()).pathname).toBe('/environments/production')
    expect(stranger.mistakes).toEqual([])
  })
})

describe('the keyboard alone', () => {
  it('reaches an environment, places a hold and leaves the dialog where it was opened', async () => {
    await page.goto(world.url)
    await page.getByRole('heading', { name: 'Environments' }).waitFor()
    const focused = () => page.evaluate('document.activeElement.textContent')
    const tabTo = async (text: string) => {
      for (let steps = 0; steps < 60; steps += 1) {
        await page.keyboard.press('Tab')
        if ((await focused()) === text) return
      }
      throw new Error(`Tab does not lead to ${text}`)
    }
    await tabTo('production')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Hold …', exact: true }).waitFor()
    await tabTo('Hold …')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('dialog').waitFor({ state: 'detached' })
    expect(await focused()).toBe('Hold …')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    // Past the title, and the choice of how long.
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.type('by keyboard')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await panel('Held').getByText('by keyboard').waitFor()
  })
})

describe('every page', () => {
  it('fits a phone, in the dark', async () => {
    const phone = await openPage(browser, { viewport: { width: 360, height: 740 }, colorScheme: 'dark' })
    await phone.page.context().addCookies(await page.context().cookies())
    for (const path of ['/', '/audit']) {
      await phone.page.goto(`${world.url}${path}`)
      await phone.page.getByRole('heading', { level: 1 }).waitFor()
      await expect.poll(() => phone.page.getByText('Loading …').count()).toBe(0)
      await shoot(phone.page, `phone${path.replaceAll('/', '-')}`)
      expect(await phone.page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(360)
      expect(await axeFindings(phone.page), path).toEqual([])
    }
    expect(phone.mistakes).toEqual([])
  })
})

describe('tabs beside each other', () => {
  it('share one connection, of which a browser has six, and pass it on when the tab that held it is closed', async () => {
    const first = await openPage(browser)
    const tabs = [first.page]
    while (tabs.length < 8) tabs.push(await first.page.context().newPage())
    const dev = (tab: Page) => tab.getByRole('listitem').filter({ hasText: 'dev' })
    for (const tab of tabs) {
      await tab.goto(world.url)
      await dev(tab).waitFor()
    }
    const push = (title: string) =>
      world.remote.commit({ 'environments/dev/layers/parcels.yaml': layerFile('parcels', { title }) }, title)
    const one = await push('Seen in all tabs')
    for (const tab of tabs) await dev(tab).getByText(one.slice(0, 8)).first().waitFor()
    await first.page.close()
    const other = await push('Seen in those that are left')
    for (const tab of tabs.slice(1)) await dev(tab).getByText(other.slice(0, 8)).first().waitFor()
    await tabs[1]?.context().close()
    expect(first.mistakes).toEqual([])
  })
})

describe('a controller that goes and comes back', () => {
  it('leaves the page saying that it is stale, and then showing exactly the present', async () => {
    const reader = await openPage(browser)
    const beside = await reader.page.context().newPage()
    for (const tab of [reader.page, beside]) {
      await tab.goto(world.url)
      await tab.getByRole('heading', { name: 'dev', exact: true }).waitFor()
    }
    await world.kill()
    await beside.getByText('The controller cannot be reached').waitFor()
    await reader.page.getByText('The controller cannot be reached').waitFor()
    await shoot(reader.page, 'stale')
    const commit = await world.remote.commit(
      { 'environments/dev/layers/parcels.yaml': layerFile('parcels', { title: 'While you were away' }) },
      'Rename the layer while nobody looks',
    )
    await world.startAgain()
    await world.controller.synced('dev', commit)
    for (const tab of [reader.page, beside]) {
      await tab.getByText('The controller cannot be reached').waitFor({ state: 'detached' })
      await tab.getByRole('listitem').filter({ hasText: 'dev' }).getByText(commit.slice(0, 8)).first().waitFor()
    }
    expect(reader.mistakes).toEqual([])
  })
})
