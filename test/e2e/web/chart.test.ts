import { readFileSync } from 'node:fs'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { graphOf } from '../../../machines/chart-graph.ts'
import { environmentMachine } from '../../../machines/environment/machine.ts'
import { layerFile } from '../../support/builders/layers.ts'
import { TOKEN } from '../../support/controller-process.ts'
import { axeFindings } from '../../support/web/axe.ts'
import { openBrowser, openPage, shoot } from '../../support/web/browser.ts'
import { WebWorld } from '../../support/web/world.ts'

const graph = graphOf(environmentMachine)

let browser: Browser
let world: WebWorld
let page: Page
let mistakes: readonly string[]
beforeAll(async () => {
  ;[browser, world] = await Promise.all([openBrowser(), WebWorld.open({ anonymous: 'read' })])
  ;({ page, mistakes } = await openPage(browser))
  await page.goto(`${world.url}/environments/dev/chart`)
  await active(page, 'Synced.quiet').waitFor()
})
afterAll(async () => {
  await browser?.close()
  await world?.close()
})
afterEach(() => expect(mistakes).toEqual([]))

const active = (on: Page, path: string) => on.locator(`[data-state="${path}"][data-active="true"]`)
const lit = (on: Page) => on.locator('.way.lit .label.lit')
const panel = (name: string | RegExp) => page.getByRole('region', { name })
const order = (path: string, data: object) =>
  page.request.post(`${world.url}${path}`, {
    headers: { authorization: `Bearer ${TOKEN}`, 'honua-request': '1' },
    data,
  })
const widthOf = async (one: Locator) => (await one.boundingBox())?.width ?? 0

/** Where things of one kind are on the screen, with what they are called. */
async function placesOf(selector: string, name: string) {
  const found: unknown = await page.locator(selector).evaluateAll(
    (all, attribute) =>
      all.map((one) => {
        const { x, y, width, height } = one.getBoundingClientRect()
        return { name: one.getAttribute(attribute) ?? '', x, y, width, height }
      }),
    name,
  )
  return found as readonly { name: string; x: number; y: number; width: number; height: number }[]
}

type Place = Awaited<ReturnType<typeof placesOf>>[number]

const overlap = (one: Place, other: Place) =>
  one.x + 0.5 < other.x + other.width &&
  other.x + 0.5 < one.x + one.width &&
  one.y + 0.5 < other.y + other.height &&
  other.y + 0.5 < one.y + one.height

describe('the chart in a window of 1280×800', () => {
  it('shows all states and every transition at once, in text of at least 10 px, and nothing overlaps', async () => {
    const labels = await placesOf('.statechart .label', 'data-id')
    const states = await placesOf('.statechart .state', 'data-state')
    expect(labels.map(({ name }) => name).toSorted()).toEqual(graph.transitions.map(({ id }) => id).toSorted())
    expect(states.map(({ name }) => name).toSorted()).toEqual(graph.states.map(({ path }) => path).toSorted())
    const flaws = [
      ...labels.flatMap((one, place) =>
        labels.slice(place + 1).flatMap((other) => (overlap(one, other) ? [`${one.name} overlaps ${other.name}`] : [])),
      ),
      ...labels.flatMap((label) => {
        const source = graph.transitions.find(({ id }) => id === label.name)?.source ?? ''
        const strange = states.filter(({ name }) => source !== name && !source.startsWith(`${name}.`))
        return strange.flatMap((state) => (overlap(label, state) ? [`${label.name} overlaps ${state.name}`] : []))
      }),
      ...[...labels, ...states].filter(
        ({ x, y, width, height }) => x < 0 || y < 0 || x + width > 1280 || y + height > 800,
      ),
    ]
    expect(flaws).toEqual([])
    const size = await page.evaluate<number>(
      `(() => { const text = document.querySelector('.statechart .label text'); return Number(text.getAttribute('font-size')) * text.getScreenCTM().a })()`,
    )
    expect(size).toBeGreaterThanOrEqual(10)
    await shoot(page, 'chart')
  })

  it('follows a hold and a push live: the active states, the last transition, the events', async () => {
    expect((await order('/v1/environments/dev/hold', { reason: 'elections', until: null })).status()).toBe(200)
    await world.remote.commit(
      { 'environments/dev/layers/parcels.yaml': layerFile('parcels', { title: 'Cadastre' }) },
      'Rename the layer',
    )
    await active(page, 'OutOfSync.held').waitFor()
    expect(await active(page, 'OutOfSync').count()).toBe(1)
    expect(await active(page, 'Synced').count()).toBe(0)
    await expect.poll(() => lit(page).allTextContents()).toEqual(['decision.made'])
    await panel('Events')
      .getByRole('button', { name: /decision\.made/ })
      .first()
      .waitFor()
    await panel('Now').getByText('OutOfSync.held').waitFor()
    await panel('Now').getByText('Takes now').click()
    await panel('Now')
      .getByRole('button', { name: /hold\.lifted → OutOfSync\.planning taken/ })
      .waitFor()
    await panel('Now').getByText('Context').click()
    await panel('Now').getByText('elections').first().waitFor()
    await shoot(page, 'chart-now')
    expect(await axeFindings(page)).toEqual([])
  })

  it('shows of an event where it led, which guards were asked, what changed and what is owed since', async () => {
    await panel('Events')
      .getByRole('button', { name: /decision\.made/ })
      .last()
      .click()
    await panel(/^Event \d+: decision\.made$/)
      .getByText('OutOfSync.deciding → Deploying.validating')
      .waitFor()
    const asked = panel(/^Event/).locator('.verdicts li')
    expect(await asked.allInnerTexts()).toEqual(['✗ answers nothing owed does not hold', '✓ deploy holds: taken'])
    await panel(/^Event/)
      .getByText('validate', { exact: true })
      .waitFor()
    await panel(/^Event/)
      .getByText('attempt', { exact: true })
      .first()
      .waitFor()
    await active(page, 'Deploying.validating').waitFor()
    expect(await lit(page).allTextContents()).toEqual(['decision.made [deploy]'])
    await shoot(page, 'chart-event')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Back to now' }).click()
    await active(page, 'OutOfSync.held').waitFor()
  })

  it('shows a transition that is clicked, and the same one from the list in words', async () => {
    await page.locator('[data-id="Deploying.applying/wave.failed/0"]').click()
    await panel('Transition').getByText('it answers the effect owed').waitFor()
    expect(await lit(page).allTextContents()).toEqual(['wave.failed'])
    await page.getByText('States and transitions in words').click()
    await page.getByRole('button', { name: 'wave.failed → RollingBack' }).waitFor()
    await page.getByRole('button', { name: 'restore.done → RollingBack.verifying' }).click()
    expect(await lit(page).allTextContents()).toEqual(['restore.done'])
    await page.getByText('States and transitions in words').click()
    await page.getByRole('button', { name: 'Back to now' }).click()
  })
})

describe('the keyboard alone', () => {
  it('zooms, scrolls, and shows all of it again', async () => {
    const picture = page.getByRole('img', { name: /^environment: 28 states, active: OutOfSync\.held$/ })
    const fitting = await widthOf(picture)
    await page.getByRole('group', { name: /^Statechart of the environment/ }).focus()
    for (let steps = 0; steps < 4; steps += 1) await page.keyboard.press('+')
    expect(await widthOf(picture)).toBeCloseTo(fitting * 1.25 ** 4, 0)
    const left = (await picture.boundingBox())?.x ?? 0
    await page.keyboard.press('ArrowRight')
    await expect.poll(async () => (await picture.boundingBox())?.x ?? 0).toBeLessThan(left)
    await shoot(page, 'chart-zoomed')
    await page.keyboard.press('-')
    expect(await widthOf(picture)).toBeCloseTo(fitting * 1.25 ** 3, 0)
    await page.keyboard.press('0')
    expect(await widthOf(picture)).toBeCloseTo(fitting, 0)
    expect(await page.getByRole('button', { name: 'Fit' }).getAttribute('aria-pressed')).toBe('true')
  })
})

describe('a chart as a file', () => {
  const saved = async (name: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()])
    return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') }
  }

  it('is an SVG that needs nothing else, and Mermaid text', async () => {
    const svg = await saved('SVG')
    expect(svg.name).toBe('environment.svg')
    expect(svg.text).toContain('decision.made [deploy]')
    expect(svg.text).not.toMatch(/var\(|light-dark|class=|<script|href=/)
    const mermaid = await saved('Mermaid')
    expect(mermaid.name).toBe('environment.mmd')
    expect(mermaid.text).toContain('OutOfSync_deciding --> Deploying : decision.made [deploy]')
    const alone = await openPage(browser)
    const image = `data:image/svg+xml;base64,${Buffer.from(svg.text).toString('base64')}`
    await alone.page.setContent(`<img alt="the chart" src="${image}">`)
    await shoot(alone.page, 'chart-svg')
    expect(await widthOf(alone.page.getByRole('img'))).toBeGreaterThan(900)
    expect(alone.mistakes).toEqual([])
  })
})

describe('everybody', () => {
  it('sees it on a phone in the dark, without motion where none is wanted', async () => {
    const phone = await openPage(browser, {
      viewport: { width: 360, height: 740 },
      colorScheme: 'dark',
      reducedMotion: 'reduce',
    })
    await phone.page.goto(`${world.url}/environments/production/chart`)
    const asked = active(phone.page, 'AwaitingApproval.asked')
    await asked.waitFor()
    await expect.poll(() => lit(phone.page).allTextContents()).toEqual(['decision.made [ask]'])
    expect(await phone.page.evaluate(`getComputedStyle(document.querySelector('.moving')).animationName`)).toBe('none')
    const [state, frame] = [await asked.boundingBox(), await phone.page.locator('.chart-view').boundingBox()]
    expect(state !== null && frame !== null && state.y > frame.y && state.y < frame.y + frame.height).toBe(true)
    expect(await phone.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
    await shoot(phone.page, 'chart-phone')
    expect(await axeFindings(phone.page)).toEqual([])
    expect(phone.mistakes).toEqual([])
  })

  it('sees the chart of the source beside it', async () => {
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.getByRole('link', { name: 'Source' }).click()
    await page.getByRole('link', { name: 'Chart' }).click()
    await active(page, 'Watching').waitFor()
    await expect.poll(() => lit(page).allTextContents()).toEqual(['fetch.done'])
    await shoot(page, 'chart-source')
    expect(await axeFindings(page)).toEqual([])
  })
})
