import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../../../src/core/canonical.ts'
import { layerFile } from '../../support/builders/layers.ts'
import { TOKEN } from '../../support/controller-process.ts'
import { axeFindings } from '../../support/web/axe.ts'
import { openBrowser, openPage, shoot } from '../../support/web/browser.ts'
import { connectInspector, type Told } from '../../support/web/inspector.ts'
import { WebWorld } from '../../support/web/world.ts'

let browser: Browser
let world: WebWorld
let page: Page
let mistakes: readonly string[]
beforeAll(async () => {
  ;[browser, world] = await Promise.all([openBrowser(), WebWorld.open({ inspect: true })])
  ;({ page, mistakes } = await openPage(browser))
})
afterAll(async () => {
  await browser?.close()
  await world?.close()
})
afterEach(() => expect(mistakes).toEqual([]))

const actor = (name: string) => page.getByRole('navigation', { name: 'Actors' }).getByRole('button', { name })
const part = (name: string) => page.getByRole('region', { name })

describe('the page with the receiver of @xstate/inspect', () => {
  it('says what is missing to one who has not signed in', async () => {
    const stranger = await openPage(browser)
    await stranger.page.goto(`${world.url}/inspector`)
    await stranger.page.getByRole('status').getByRole('link', { name: 'Sign in' }).waitFor()
    expect(await axeFindings(stranger.page)).toEqual([])
    await stranger.page.context().close()
  })

  it('shows the source and every environment where it is', async () => {
    await page.goto(`${world.url}/enter`)
    await page.getByLabel('Token').fill(TOKEN)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Environments' }).waitFor()
    await page.goto(`${world.url}/inspector`)
    await actor('source').getByText('Watching').waitFor()
    await actor('environment/dev').getByText('Synced.quiet').waitFor()
    await actor('environment/production').getByText('AwaitingApproval.asked').waitFor()
    await actor('environment/staging').getByText('OutOfSync.waiting').waitFor()
    await actor('environment/production').click()
    await part('States').locator('[aria-current]').getByText('asked', { exact: true }).waitFor()
    await part('Events it may take now').getByText('approval.granted').waitFor()
    await part('Context').getByText('"name": "production"').waitFor()
    await shoot(page, 'inspector')
    expect(await axeFindings(page)).toEqual([])
  })

  it('follows a push, event by event, as the inspector of @statelyai/inspect does at the same time', async () => {
    const headers = { authorization: `Bearer ${TOKEN}` }
    const stately = await connectInspector(`${world.url.replace('http', 'ws')}/v1/inspect/stately`, { headers })
    await stately.at(3)
    await actor('environment/dev').click()
    const commit = await world.remote.commit(
      { 'environments/dev/layers/parcels.yaml': layerFile('parcels', { title: 'Cadastre' }) },
      'Rename the layer',
    )
    await world.controller.synced('dev', commit)
    await part('Newest events').getByText('verification.passed', { exact: true }).waitFor()
    await part('States').locator('[aria-current]').getByText('quiet', { exact: true }).waitFor()
    await part('Context').getByText(commit).first().waitFor()
    await shoot(page, 'inspector-push')

    const taken = (await part('Newest events').locator('summary').allInnerTexts()).toReversed()
    const names = taken.map((text) => text.split(' ')[0])
    expect(names).toEqual(expect.arrayContaining(['head.moved', 'look.planned', 'decision.made', 'wave.applied']))
    const told = () => stately.told.filter(({ type, sessionId }) => isEvent(type) && sessionId === 'environment/dev')
    await expect.poll(() => told().map(words)).toEqual(taken)
    stately.socket.terminate()
  })

  it('leaves open and focused what a reader has opened, whatever happens meanwhile', async () => {
    const opened = part('Newest events').locator('summary', { hasText: 'wave.applied' })
    await opened.click()
    await part('Context')
      .locator('pre')
      .evaluate((pre) => pre.scrollTo(0, 100))
    expect((await world.controller.post('/v1/environments/dev/hold', { reason: 'a look', until: null })).status).toBe(
      200,
    )
    await part('Newest events').getByText('hold.placed', { exact: true }).waitFor()
    await page.locator('details[open] > summary:focus', { hasText: 'wave.applied' }).waitFor()
    expect(
      await part('Context')
        .locator('pre')
        .evaluate((pre) => pre.scrollTop),
    ).toBe(100)
  })

  it('shows no value of a secret that the controller has read, wherever it stands', async () => {
    const secret = `tester ${sha256(TOKEN)}`
    const held = await world.controller.post('/v1/environments/staging/hold', {
      reason: `the secret is ${secret}`,
      until: null,
    })
    expect(held.status).toBe(200)
    await actor('environment/staging').click()
    await part('Context').getByText('the secret is (hidden)').waitFor()
    expect(await page.content()).not.toContain(secret)
  })

  it('fits a phone, in the dark', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.goto(`${world.url}/inspector`)
    await actor('environment/production').click()
    await part('Context').waitFor()
    await shoot(page, 'inspector-phone')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
    expect(await axeFindings(page)).toEqual([])
  })

  it('says that what it shows is old when the controller is gone', async () => {
    await world.kill()
    await page.getByRole('status').getByText('The connection ended').waitFor()
    await page.getByRole('button', { name: 'Connect again' }).waitFor()
  })
})

function isEvent(type: string): boolean {
  return type === '@xstate.event'
}

/** `head.moved environment/dev:7`, as the page shows it. */
function words({ id, event }: Told): string {
  return `${(event as { readonly type: string }).type} ${String(id)}`
}
