import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Deployment } from '../../../src/core/vocabulary.ts'
import { layerFile } from '../../support/builders/layers.ts'
import { axeFindings } from '../../support/web/axe.ts'
import { openBrowser, openPage, shoot } from '../../support/web/browser.ts'
import { aDayThatIsNotToday, WebWorld } from '../../support/web/world.ts'

/** What would act if it were taken for HTML or a link, and what would mislead if it were shown as it is. */
const HOSTILE = '<img src=x onerror=alert(1)> [x](javascript:alert(2)) \u202Egnp.exe'
const SLACK = 'https://hooks.slack.example/services/canary-of-slack'
const PAGES = ['/', '/pipeline', '/windows', '/notifications', '/health']

let browser: Browser
let world: WebWorld
let page: Page
let mistakes: readonly string[]
beforeAll(async () => {
  const shut = { type: 'time-window', days: [aDayThatIsNotToday()], hours: '12:00-12:30' }
  const spec = {
    sync: {
      staging: { autoSync: true, outsideWindow: 'wait', conditions: [shut] },
      dev: { autoSync: true, prune: true },
      production: { autoSync: false, prune: true },
    },
    notifications: { slack: { enabled: true, webhook: SLACK, channel: '#gis', events: ['deployment.failed'] } },
    health: { checks: [{ type: 'git-connectivity', interval: '1m' }] },
  }
  ;[browser, world] = await Promise.all([openBrowser(), WebWorld.open({ anonymous: 'read' }, spec)])
  await approve()
  await world.remote.commit({ 'environments/common/layers/roads.yaml': layerFile('roads') }, HOSTILE)
  ;({ page, mistakes } = await openPage(browser))
  await page.goto(world.url)
  await page.getByRole('heading', { name: 'Environments' }).waitFor()
})
afterAll(async () => {
  await browser?.close()
  await world?.close()
})
afterEach(() => expect(mistakes).toEqual([]))

/** Approves what production asks for, and waits until it is there. */
async function approve(): Promise<void> {
  const asked = await world.controller.until(
    async () =>
      (await world.controller.deployments()).find(
        ({ environment, state }: Deployment) => environment === 'production' && state === 'AwaitingApproval',
      ),
    'the request for approval',
  )
  await world.controller.post(`/v1/deployments/${asked.id}/approve`, { reason: '', plan: null })
  await world.controller.synced('production', asked.commit)
}

const card = (name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) })
const names = () => page.getByRole('heading', { level: 2 }).allInnerTexts()

describe('the overview', () => {
  it('is narrowed down by words and by what is the matter, and the address keeps that', async () => {
    await card('dev').getByText('the same').waitFor()
    await card('production').getByText('1 commit not deployed').waitFor()
    await card('production').getByText('Awaits approval').waitFor()
    await page.getByLabel('Find').fill('parcels production')
    await page.getByText('Nothing fits').waitFor()
    await page.getByLabel('Find').fill('PROD')
    await page.getByText('1 of 3 shown').waitFor()
    expect(await names()).toEqual(['production'])
    await page.getByLabel('Find').fill('')
    await page.getByRole('button', { name: 'Needs a person 1' }).click()
    await page.getByText('1 of 3 shown').waitFor()
    expect(await names()).toEqual(['production'])
    expect(page.url()).toBe(`${world.url}/?show=person`)
    await page.reload()
    await page.getByText('1 of 3 shown').waitFor()
  })

  it('has the troubled first, and another order only when somebody who reads asks for it', async () => {
    await page.goto(world.url)
    await expect.poll(names).toEqual(['production', 'staging', 'dev'])
    await world.remote.commit({ 'environments/dev/layers/bad.yaml': 'kind: [' }, 'Break it')
    const anew = page.getByRole('button', { name: 'Something moved: order anew' })
    let x = 0
    await expect
      .poll(async () => {
        // Somebody is at the page, however long it takes.
        x = (x + 1) % 300
        await page.mouse.move(100 + x, 300)
        return (await page.getByRole('button', { name: 'Needs a person 2' }).count()) + (await anew.count())
      })
      .toBe(2)
    expect(await names()).toEqual(['production', 'staging', 'dev'])
    await anew.click()
    await expect.poll(names).toEqual(['dev', 'production', 'staging'])
    await shoot(page, 'overview-trouble')
    await page.getByLabel('Order').selectOption('By name')
    await expect.poll(names).toEqual(['dev', 'production', 'staging'])
    await world.remote.commit({ 'environments/dev/layers/bad.yaml': null }, HOSTILE)
    await card('dev').getByText('As declared').waitFor()
    await card('dev').getByText('declares the same').waitFor()
    await world.controller.post('/v1/environments/staging/hold', { reason: 'storms', until: null })
    await card('staging').getByText('Held by tester: storms').waitFor()
  })
})

describe('the pipeline', () => {
  it('holds each environment against the one before it in the configuration, and what is hostile is text', async () => {
    await page.getByRole('link', { name: 'Pipeline' }).click()
    await expect.poll(names).toEqual(['staging', 'dev', 'production'])
    await card('staging').getByText('Nothing is deployed yet').waitFor()
    const compared = page.getByRole('region', { name: 'Compared with dev' })
    await compared.getByText('1 commit that touches it deployed to dev and not here').waitFor()
    await compared.getByText('resources differ, 0 equal').click()
    await compared.getByText('Only in dev (1)').waitFor()
    await card('dev').getByText('<img src=x onerror=alert(1)> [x](javascript:alert(2)) \\u{202e}gnp.exe').waitFor()
    expect(await page.locator('main img, main script').count()).toBe(0)
    await approve()
    await compared.getByText('No commit that touches it is deployed to dev and not here').waitFor()
  })
})

describe('the windows', () => {
  it('are drawn for the coming week, with the next opening, and UTC on hover', async () => {
    await page.getByRole('link', { name: 'Windows' }).click()
    await card('dev').getByText('Open at all times').waitFor()
    await card('production').getByText('By approval, at any time').waitFor()
    await card('staging').getByText('deployments wait').waitFor()
    const strip = page.getByRole('img', { name: /^Windows of staging: / })
    expect(await strip.locator('rect.open title').allTextContents()).toEqual([
      expect.stringMatching(/ 12:00:00 UTC – .* 12:30:00 UTC$/),
    ])
    expect(await strip.locator('line.now').count()).toBe(1)
    await page.getByLabel('Find').fill('stag')
    expect(await names()).toEqual(['staging'])
    await page.getByRole('link', { name: 'staging' }).click()
    await page.getByRole('region', { name: 'Windows', exact: true }).getByText('As a list').click()
    await page.getByRole('region', { name: 'Windows', exact: true }).getByRole('listitem').waitFor()
    await shoot(page, 'windows-of-one')
  })
})

describe('health and notifications', () => {
  it('tell what is reached, what is configured, and what is not active yet', async () => {
    await page.getByRole('link', { name: 'Health' }).click()
    await page
      .getByRole('row', { name: /dev files/ })
      .getByText('answers')
      .first()
      .waitFor()
    await page.getByText('given back when the disk is full').waitFor()
    await page.getByText('accepted and not active yet: git-connectivity every 1 min').waitFor()
    await page.getByRole('link', { name: 'Notifications' }).click()
    await page.getByText('given, and never shown').waitFor()
    await page.getByText('honua events --follow').waitFor()
    expect(await page.content()).not.toContain('canary-of-slack')
    const answers = ['/v1/notifications', '/v1/health', '/v1/status'].map((path) => world.controller.get(path))
    expect(JSON.stringify(await Promise.all(answers))).not.toContain('canary-of-slack')
  })
})

describe('every page about all environments', () => {
  it.each([
    ['a screen', { viewport: { width: 1280, height: 800 } }],
    ['a phone in the dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
  ] as const)('fits %s, is open to everybody, and links nowhere but to pages', async (what, options) => {
    const reader = await openPage(browser, options)
    for (const path of PAGES) {
      await reader.page.goto(`${world.url}${path}`)
      await reader.page.getByRole('heading', { level: 1 }).waitFor()
      await expect.poll(() => reader.page.getByText(/^(?:Loading|Asking the controller) …$/).count()).toBe(0)
      await shoot(reader.page, `${what.split(' ')[1]}${path.replaceAll('/', '-')}`)
      expect(await reader.page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(
        options.viewport.width,
      )
      const links = await reader.page
        .locator('a')
        .evaluateAll((all) => all.map((one) => String(one.getAttribute('href'))))
      expect(
        links.filter((href) => !/^(?:\/|#content$)/.test(href)),
        path,
      ).toEqual([])
      expect(await axeFindings(reader.page), path).toEqual([])
    }
    expect(reader.mistakes).toEqual([])
  })
})
