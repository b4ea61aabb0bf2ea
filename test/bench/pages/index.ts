import { setTimeout as pause } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { openBrowser, openPage } from '../../support/web/browser.ts'
import { firstLoadBytes } from '../../support/web/first-load.ts'
import { atLeast, atMost, type Bench, type Figure, median, shown } from '../figures.ts'
import { Measured } from './process.ts'

const ENVIRONMENTS = 200
const EVENTS_PER_SECOND = 50
const LOADS = 7
const WATCH_MS = 10_000
const ROUNDS = 3
const BUILT = new URL('../../../dist/web', import.meta.url).pathname

/** When the first card is there and the last button has answered a click, in ms since the navigation began; kept in `window.usableAt`. */
const NOTE_USABLE = `
  const look = () => {
    const button = [...document.querySelectorAll('button[aria-pressed]')].at(-1)
    if (button !== undefined && document.querySelector('.cards .card') !== null) {
      if (button.getAttribute('aria-pressed') === 'true') return void (window.usableAt = performance.now())
      button.click()
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
`
/** Frames of so many ms, the longest pause between two, in ms, and what changed in the list meanwhile. */
const COUNT_FRAMES = `new Promise((resolve) => {
  let frames = 0, longest = 0, changes = 0
  const observer = new MutationObserver((records) => (changes += records.length))
  observer.observe(document.querySelector('.cards'), { subtree: true, childList: true, characterData: true, attributes: true })
  const start = performance.now()
  let last = start
  const count = (now) => {
    frames += 1
    longest = Math.max(longest, now - last)
    last = now
    if (now - start < ${WATCH_MS}) return void requestAnimationFrame(count)
    observer.disconnect()
    resolve({ perSecond: (frames * 1000) / (now - start), longest, changes })
  }
  requestAnimationFrame(count)
})`

interface Frames {
  readonly perSecond: number
  readonly longest: number
  readonly changes: number
}

/** The pages of 200 environments: what the first load weighs, how soon it is usable, how smooth it stays, and what that costs the controller. */
export const pages: Bench = {
  name: 'pages',
  goal: '200 environments: ≤ 200 kB of script, usable in 1 s; with 50 events a second ≥ 50 frames a second, for < 10 % of one core',
  async run() {
    const [browser, controller, plain] = await Promise.all([
      openBrowser(),
      Measured.start('./controller.ts', String(ENVIRONMENTS)),
      Measured.start('./plain.ts', String(ENVIRONMENTS)),
    ])
    try {
      return [
        atMost('script of the first load, packed', firstLoadBytes(BUILT) / 1_000, 200, 'kB'),
        ...(await usable(browser, controller, plain)),
        ...(await smooth(browser, controller, plain)),
      ]
    } finally {
      await browser.close()
      await Promise.all([controller.end(), plain.end()])
    }
  },
}

/** From the navigation to a page whose cards are there and whose button answers; a browser that knows nothing each time. */
async function usable(browser: Browser, controller: Measured, plain: Measured): Promise<readonly Figure[]> {
  const times: { readonly ours: number[]; readonly base: number[] } = { ours: [], base: [] }
  for (let load = 0; load < LOADS; load += 1) {
    times.ours.push(await usableAt(browser, controller.url))
    times.base.push(await usableAt(browser, plain.url))
  }
  const [ours, base] = [median(times.ours), median(times.base)]
  return [
    atMost('from the navigation to cards and a button that answers', ours, 1_000, 'ms'),
    shown('the same, beside a static page without script of ours', ours, base, 'ms'),
  ]
}

async function usableAt(browser: Browser, url: string): Promise<number> {
  const { page } = await openPage(browser)
  await page.addInitScript(NOTE_USABLE)
  await page.goto(url)
  for (;;) {
    const at: unknown = await page.evaluate('window.usableAt ?? null')
    if (typeof at === 'number') {
      await page.context().close()
      return at
    }
    await pause(20)
  }
}

/** Frames and CPU time with the events, with the page open and without, in turns. */
async function smooth(browser: Browser, controller: Measured, plain: Measured): Promise<readonly Figure[]> {
  const ours: Frames[] = []
  const base: Frames[] = []
  const [alone, watched, raw]: [number[], number[], number[]] = [[], [], []]
  await Promise.all([controller.events(EVENTS_PER_SECOND), plain.events(EVENTS_PER_SECOND)])
  for (let round = 0; round < ROUNDS; round += 1) {
    alone.push((await controller.during(() => pause(WATCH_MS))).cpuMs)
    const page = await watching(browser, controller.url)
    const { cpuMs, events } = await controller.during(async () => ours.push(await framesOn(page)))
    if (events < 0.9 * EVENTS_PER_SECOND * (WATCH_MS / 1_000)) throw new Error(`only ${events} events happened`)
    watched.push(cpuMs)
    await page.context().close()
    const still = await watching(browser, plain.url)
    base.push(await framesOn(still))
    await still.evaluate(`new EventSource('/v1/live').onmessage = () => undefined, 0`)
    raw.push((await plain.during(() => pause(WATCH_MS))).cpuMs)
    await still.context().close()
  }
  await Promise.all([controller.events(0), plain.events(0)])
  // Two texts of a card at the least change with each event.
  if (ours.some(({ changes }) => changes < EVENTS_PER_SECOND * (WATCH_MS / 1_000)))
    throw new Error('the page did not show what happened')
  const share = (ms: readonly number[]) => (median(ms) * 100) / WATCH_MS
  const middle = (of: readonly Frames[], what: keyof Frames) => median(of.map((one) => one[what]))
  const added = share(watched) - share(alone)
  return [
    atLeast('frames a second with 50 events a second', middle(ours, 'perSecond'), 50, '/s'),
    shown(
      'the same, beside a page on which nothing happens',
      middle(ours, 'perSecond'),
      middle(base, 'perSecond'),
      '/s',
    ),
    shown(
      'the longest pause between two frames, beside that page',
      middle(ours, 'longest'),
      middle(base, 'longest'),
      'ms',
    ),
    atMost('CPU that an open page adds to the controller', added, 10, '% core'),
    shown('the same, beside a raw server of as many bytes', added, share(raw), '% core'),
    shown('CPU of the controller with the page, beside without', share(watched), share(alone), '% core'),
  ]
}

async function watching(browser: Browser, url: string): Promise<Page> {
  const { page } = await openPage(browser)
  await page.goto(url)
  await page.locator('.cards .card').first().waitFor()
  // The first drawing is over; what follows is what events cost.
  await pause(2_000)
  return page
}

async function framesOn(page: Page): Promise<Frames> {
  const counted: Frames = await page.evaluate(COUNT_FRAMES)
  return counted
}
