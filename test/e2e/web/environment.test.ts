import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { TOKEN } from '../../support/controller-process.ts'
import { axeFindings } from '../../support/web/axe.ts'
import { openBrowser, openPage, shoot } from '../../support/web/browser.ts'
import { READ_TOKEN, WebCity } from '../../support/web/city.ts'

/** What a page may move by itself in one deployment, as the web measures it (layout shift, of the window's size). */
const SHIFT_MAX = 0.02
/** Not the zone of the computer, and never that of UTC. */
const ZONE = 'Pacific/Auckland'

let browser: Browser
let city: WebCity
let page: Page
let mistakes: readonly string[]
beforeAll(async () => {
  ;[browser, city] = await Promise.all([openBrowser(), WebCity.running()])
  ;({ page, mistakes } = await openPage(browser, { timezoneId: ZONE }))
  await signIn(page, TOKEN)
  await page.goto(`${city.url}/environments/city`)
})
afterAll(async () => {
  await browser?.close()
  await city?.close()
})
afterEach(() => expect(mistakes).toEqual([]))

async function signIn(where: Page, token: string): Promise<void> {
  await where.goto(`${city.url}/enter`)
  await where.getByLabel('Token').fill(token)
  await where.getByRole('button', { name: 'Sign in' }).click()
  await where.getByRole('heading', { name: 'Environments' }).waitFor()
}

const panel = (name: string) => page.getByRole('region', { name, exact: true })
/** The sign on the box of an instance, or of a target. */
const sign = (name: string, where = page) =>
  where
    .locator('.box')
    .filter({ has: where.getByText(name, { exact: true }) })
    .locator('.sign')
const signs = async (where = page) => {
  const found: Record<string, string> = {}
  for (const name of ['one', 'two', 'proxy', 'cache'])
    found[name] = (await sign(name, where).innerText()).replace(/^\W+/, '')
  return found
}
const dialog = () => page.getByRole('dialog')

/** Adds up what moves from now on. */
const watchShifts = (where: Page) =>
  where.evaluate(`window.shifted = []
    new PerformanceObserver((list) => {
      for (const one of list.getEntries())
        if (!one.hadRecentInput)
          window.shifted.push({ value: one.value, what: one.sources.map(({ node }) => node?.outerHTML?.slice(0, 90)) })
    }).observe({ type: 'layout-shift' })`)
const shiftsOf = async (where: Page) => {
  const shifts: { readonly value: number; readonly what: readonly string[] }[] = await where.evaluate('window.shifted')
  return { sum: shifts.reduce((sum, { value }) => sum + value, 0), shifts }
}

describe('the picture of an environment', () => {
  it('shows each component in its phase, what refers to what, and that all is as declared', async () => {
    await sign('one').getByText('as declared').waitFor()
    await expect
      .poll(() => signs())
      .toEqual({
        one: 'as declared',
        two: 'as declared',
        proxy: 'as declared',
        cache: 'as declared',
      })
    expect(await panel('Targets').getByRole('heading').allInnerTexts()).toEqual([
      ...['Targets', 'Application', 'Application servers'],
      ...['Edge', 'Reverse proxy', 'CDN'],
    ])
    await panel('Targets').getByText('Refers to Application servers, Reverse proxy').waitFor()
    expect(await page.locator('.arrow').count()).toBe(3)
    await panel('Targets').getByText('on site-1 · 4 of ours').waitFor()
    await shoot(page, 'picture')
    expect(await axeFindings(page)).toEqual([])
  })

  it('moves with a deployment, on its page too, while nothing else moves', async () => {
    const overview = await openPage(browser)
    await overview.page.context().addCookies(await page.context().cookies())
    await overview.page.goto(city.url)
    await overview.page.locator('.card .sign', { hasText: 'Synced' }).waitFor()
    await Promise.all([watchShifts(page), watchShifts(overview.page)])
    city.edge.hold(/purge/)
    const commit = await city.commit('Cadastre')
    await city.asked()
    await sign('cache').getByText('under way').waitFor()
    await expect.poll(() => signs()).toEqual({ one: 'done', two: 'done', proxy: 'not begun', cache: 'under way' })
    city.edge.answer()
    city.edge.hold(/routes.styles/)
    // The second of three: the bar says so.
    await city.asked()
    await panel('Targets').getByText('1 of 3').waitFor()
    expect(await panel('Targets').getByRole('progressbar', { name: 'Written to proxy' }).getAttribute('value')).toBe(
      '1',
    )
    await shoot(page, 'picture-moving')
    city.edge.answer()
    await sign('cache').getByText('as declared').waitFor()
    await page.getByText(commit.slice(0, 8)).first().waitFor()
    await overview.page.getByText(commit.slice(0, 8)).first().waitFor()
    for (const where of [page, overview.page]) {
      const { sum, shifts } = await shiftsOf(where)
      expect(sum, JSON.stringify(shifts)).toBeLessThanOrEqual(SHIFT_MAX)
    }
    await overview.page.context().close()
  })
})

describe('a hold', () => {
  it('is placed until a moment of the viewer’s day, told in UTC, and says how long it lasts', async () => {
    await page.getByRole('button', { name: 'Hold …', exact: true }).click()
    await dialog().getByLabel('a moment').check()
    await dialog().getByLabel('Moment, in your time').fill('2999-01-15T09:30')
    await dialog().getByText('That is 2999-01-14 20:30:00 UTC, in ').waitFor()
    await dialog().getByLabel('Reason').fill('elections')
    await shoot(page, 'hold')
    expect(await axeFindings(page)).toEqual([])
    await dialog().getByRole('button', { name: 'Hold', exact: true }).click()
    await panel('Held').getByText('until 15 Jan 2999, 09:30:00').waitFor()
    expect((await city.controller.environment('city'))?.hold?.until).toBe(Date.UTC(2999, 0, 14, 20, 30))
    await city.controller.post('/v1/environments/city/unhold', { reason: '' })
    await panel('Held').waitFor({ state: 'detached' })
  })
})

describe('a restore', () => {
  it('is asked for with a reason, and refused in the controller’s words where nothing keeps backups', async () => {
    await page.getByRole('button', { name: 'Restore …', exact: true }).click()
    await dialog().getByLabel('Database').selectOption('site-1')
    await dialog().getByLabel('Backup').fill('20260105T080000Z-0123456789ab')
    await dialog().getByLabel('Reason').fill('parcels were overwritten')
    await dialog().getByRole('button', { name: 'Ask for the restore' }).click()
    await dialog().getByRole('alert').getByText('HONUA_TARGET_NO_BACKUPS').waitFor()
    await shoot(page, 'restore')
    await dialog().getByRole('button', { name: 'Leave it' }).click()
  })
})

describe('going back', () => {
  it('shows exactly what would be applied, does it, and keeps the release from coming back until that is lifted', async () => {
    await panel('Releases').getByText('Deployed now').waitFor()
    await panel('Releases')
      .getByRole('button', { name: /^Go back to / })
      .click()
    await dialog().getByText('Layer/default/parcels').first().waitFor()
    await dialog().getByText('As text').first().click()
    await dialog().getByText('+   title: Parcels').waitFor()
    await dialog().getByLabel('Reason').fill('wrong title')
    await shoot(page, 'going-back')
    await dialog().getByRole('button', { name: 'Roll back', exact: true }).click()
    await panel('Releases')
      .getByText(/^In quarantine .*: rolled back by tester/)
      .waitFor()
    await panel('Releases')
      .getByRole('button', { name: /^Let .* be deployed again/ })
      .click()
    await dialog().getByText('which Git declares now, may be deployed again').waitFor()
    await dialog().getByRole('button', { name: 'Lift it' }).click()
    await panel('Releases').getByText('In quarantine').waitFor({ state: 'detached' })
    await page.locator('.heading .sign', { hasText: 'Synced' }).waitFor()
  })
})

describe('a deployment that could not be taken back', () => {
  it('shows what is where, what became of each resource, its steps and its events', async () => {
    city.edge.hold(/purge/)
    await city.commit('Lost')
    await city.asked()
    city.breakSite('site-2')
    city.edge.answer(500)
    await panel('A person is needed').waitFor()
    await sign('two').getByText('left behind').waitFor()
    await shoot(page, 'left')
    await panel('Deployments').getByRole('link').first().click()
    await panel('What is left').getByText('could not be read').waitFor()
    await expect
      .poll(() => signs())
      .toEqual({ one: 'left behind', two: 'left behind', proxy: 'not begun', cache: 'failed' })
    await panel('Results').getByText('left behind').first().waitFor()
    await panel('Steps').getByRole('rowheader', { name: 'flush-cdn-cache' }).waitFor()
    await panel('Log').getByText('restore.failed', { exact: true }).waitFor()
    await shoot(page, 'deployment-left')
    expect(await axeFindings(page)).toEqual([])
  })

  it('fits a phone, in the dark', async () => {
    const phone = await openPage(browser, { viewport: { width: 360, height: 740 }, colorScheme: 'dark' })
    await phone.page.context().addCookies(await page.context().cookies())
    for (const [path, name] of [
      [new URL(page.url()).pathname, 'phone-deployment-left'],
      ['/environments/city', 'phone-picture'],
    ] as const) {
      await phone.page.goto(`${city.url}${path}`)
      await sign('two', phone.page).getByText('left behind').waitFor()
      await expect.poll(() => phone.page.getByText('Loading …').count()).toBe(0)
      await shoot(phone.page, name)
      expect(await phone.page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(360)
      expect(await axeFindings(phone.page), path).toEqual([])
    }
    expect(phone.mistakes).toEqual([])
  })
})

describe('somebody whose token may only read', () => {
  it('sees everything, and is told at each button what is missing', async () => {
    const reader = await openPage(browser)
    await signIn(reader.page, READ_TOKEN)
    await reader.page.goto(`${city.url}/environments/city`)
    await reader.page.getByText('Your token may only read: to give orders, ask').waitFor()
    const buttons = reader.page.locator('.actions button')
    expect(await buttons.evaluateAll((all) => all.map((one) => one.getAttribute('aria-disabled')))).toEqual(
      Array.from({ length: 8 }, () => 'true'),
    )
    await shoot(reader.page, 'reader')
    expect(await axeFindings(reader.page)).toEqual([])
    // The session ends elsewhere: the page says so, and signing in leads back to it.
    await reader.page.request.post(`${city.url}/v1/session/end`, {
      headers: { 'content-type': 'application/json', 'honua-request': '1' },
      data: {},
    })
    await reader.page.getByText('You are signed out').waitFor()
    await shoot(reader.page, 'signed-out')
    await reader.page.getByLabel('Token').fill(READ_TOKEN)
    await reader.page.getByRole('button', { name: 'Sign in' }).click()
    await reader.page.getByRole('heading', { name: 'city', exact: true }).waitFor()
    // A read that came too late was refused; nothing else went wrong.
    expect(reader.mistakes.filter((one) => !one.includes('status of 401'))).toEqual([])
  })
})
