import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseBundle } from '../../../src/core/replay/bundle.ts'
import { replay } from '../../../src/runtime/replay.ts'
import { recorded, recordedText } from '../../support/builders/journals.ts'
import { TOKEN } from '../../support/controller-process.ts'
import { axeFindings } from '../../support/web/axe.ts'
import { openBrowser, openPage, shoot } from '../../support/web/browser.ts'
import { serveFiles } from '../../support/web/file-server.ts'
import { WebWorld } from '../../support/web/world.ts'

const HOSTILE = '<img src=x onerror=alert(1)><script>alert(2)</script>\u202Egnp.exe'

let browser: Browser
let world: WebWorld
let page: Page
let mistakes: readonly string[]
let exported = ''
beforeAll(async () => {
  ;[browser, world] = await Promise.all([openBrowser(), WebWorld.open({ anonymous: 'nothing' })])
  ;({ page, mistakes } = await openPage(browser))
  await page.goto(`${world.url}/enter`)
  await page.getByLabel('Token').fill(TOKEN)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('listitem').filter({ hasText: 'production' }).getByText('Awaits approval').waitFor()
})
afterAll(async () => {
  await browser?.close()
  await world?.close()
})
afterEach(() => expect(mistakes).toEqual([]))

const panel = (name: string, on = page) => on.getByRole('region', { name, exact: true })
const slider = (on = page) => on.getByRole('slider', { name: 'Event' })
const where = async () => (await panel('Controls').locator('.where').innerText()).split(' ').slice(0, 2).join(' ')

describe('the replay of an environment', () => {
  it('proves that its journal leads to the stored state', async () => {
    await page.goto(`${world.url}/environments/production`)
    await page.getByRole('link', { name: 'Replay', exact: true }).click()
    await page.getByText('lead through the statechart to exactly the stored snapshot').waitFor()
    await panel('Controls').getByText('AwaitingApproval.asked').waitFor()
    await panel('Plan at this moment').getByText('reapply').waitFor()
    await panel('Statechart').getByRole('group').waitFor()
    await shoot(page, 'replay')
    expect(await axeFindings(page)).toEqual([])
  })

  it('is moved through by keys, by the slider, by clicking an event, by number', async () => {
    await page.keyboard.press('Home')
    expect(await where()).toBe('Before the')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    expect(await where()).toBe('Event 2')
    await panel('Event').getByText('"type": "head.moved"').waitFor()
    await panel('What it changed').getByRole('term').getByText('head', { exact: true }).waitFor()
    await panel('Owed effects').getByText('production/2/').waitFor()
    await page.keyboard.press('ArrowLeft')
    expect(await where()).toBe('Event 1')
    await panel('Plan at this moment').getByText('There is no plan').waitFor()
    await slider().fill('3')
    expect(await where()).toBe('Event 3')
    await panel('Events').getByRole('button', { name: 'head.moved' }).click()
    expect(await where()).toBe('Event 2')
    await panel('Events').getByLabel('Event').fill('7')
    expect(await where()).toBe('Event 2')
    await panel('Events').getByLabel('Event').fill('1')
    expect(await where()).toBe('Event 1')
  })

  it('is moved through by time and by deployment, and plays by itself to the end', async () => {
    await panel('Events').getByLabel('Deployment').selectOption({ index: 1 })
    await panel('Controls').getByText('→ AwaitingApproval.asked').waitFor()
    await panel('Events').getByLabel('Time').fill('2001-01-01T00:00:00')
    expect(await where()).toBe('Before the')
    await page.getByLabel('Speed').selectOption('100×')
    await page.getByRole('button', { name: 'Play' }).click()
    await panel('Controls').getByText('→ AwaitingApproval.asked').waitFor()
    await page.getByRole('button', { name: 'Play' }).waitFor()
  })

  it('compares two moments by state, plan and memory', async () => {
    await page.getByRole('button', { name: 'Take this moment as B' }).click()
    await slider().fill('1')
    await page.getByRole('button', { name: 'Take this moment as A' }).click()
    const compare = panel('Compare two moments')
    await compare.getByText('Unknown.waiting and AwaitingApproval.asked').waitFor()
    await compare.getByRole('term').getByText('attempt', { exact: true }).waitFor()
    await shoot(page, 'replay-compared')
    expect(await axeFindings(page)).toEqual([])
  })

  it('tries another event, and one left out, without anything being touched', async () => {
    const before = await world.controller.environment('production')
    await page.keyboard.press('End')
    const whatIf = panel('What if')
    await whatIf.getByText('After event 4 in').waitFor()
    await whatIf.getByLabel('Event type').selectOption('approval.granted')
    await whatIf.getByRole('button', { name: 'Try it' }).click()
    await whatIf.getByText('AwaitingApproval.asked → Deploying.validating').waitFor()
    await whatIf.getByText('validate', { exact: true }).waitFor()
    await shoot(page, 'replay-what-if')
    expect(await axeFindings(page)).toEqual([])
    await whatIf.getByLabel('Event type').selectOption('wave.applied')
    await whatIf.getByRole('button', { name: 'Try it' }).click()
    await whatIf.getByText('AwaitingApproval.asked does not take wave.applied').waitFor()
    await whatIf.getByRole('textbox', { name: 'Event' }).fill('{"type":')
    await whatIf.getByRole('button', { name: 'Try it' }).click()
    await whatIf.getByRole('alert').getByText('this is no JSON').waitFor()
    await slider().fill('1')
    await whatIf.getByText('After event 1 in').waitFor()
    await whatIf.getByLabel('it does not come at all').check()
    await whatIf.getByRole('button', { name: 'Try it' }).click()
    await whatIf.getByText(/At the end: Unknown\.waiting, and not AwaitingApproval\.asked as recorded/).waitFor()
    expect(await world.controller.environment('production')).toEqual(before)
  })

  it('is saved as a file that anybody can replay', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as a file' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('production.replay.json')
    exported = readFileSync(await download.path(), 'utf8')
    const { divergence, steps } = replay(parseBundle(exported, 'exported'))
    expect(divergence).toBeNull()
    expect(steps.at(-1)?.to).toBe('AwaitingApproval.asked')
  })
})

describe('a replay without a controller', () => {
  const open = async (on: Page, text: string) => {
    await on
      .getByLabel('Replay bundle')
      .setInputFiles({ name: 'b.json', mimeType: 'application/json', buffer: Buffer.from(text) })
  }

  it('is opened from a file by somebody who may see nothing else', async () => {
    const stranger = await openPage(browser)
    await stranger.page.goto(world.url)
    await stranger.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await stranger.page.getByRole('link', { name: 'Open a replay from a file' }).click()
    await open(stranger.page, exported)
    await stranger.page.getByRole('heading', { name: 'Replay of production' }).waitFor()
    await stranger.page.getByText('Proved', { exact: true }).waitFor()
    expect(stranger.mistakes).toEqual([])
  })

  it('works from any server of files, in the dark, on a phone, and asks for nothing but its own files', async () => {
    const files = await serveFiles()
    const { page: phone, mistakes: wrong } = await openPage(browser, {
      viewport: { width: 360, height: 740 },
      colorScheme: 'dark',
    })
    try {
      await phone.goto(files.url)
      await open(phone, recordedText('rollback'))
      await phone.getByText('Proved', { exact: true }).waitFor()
      await slider(phone).fill('12')
      await shoot(phone, 'replay-phone')
      expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
      expect(await axeFindings(phone)).toEqual([])
      expect(files.asked.filter((path) => !/^\/shared\/honua\/(?:replay\.html|assets\/)/.test(path))).toEqual([])

      // What others put into a file is text, whatever it looks like.
      const bundle = recorded('approval')
      const entries = bundle.entries.map((entry, at) =>
        at === 0 ? { ...entry, event: { ...entry.event, note: HOSTILE } } : entry,
      )
      await open(phone, JSON.stringify({ ...bundle, stream: HOSTILE, entries }))
      await phone.getByText('Proved', { exact: true }).waitFor()
      await slider(phone).fill('1')
      await panel('Event', phone).getByText('\\u{202e}gnp.exe').waitFor()
      expect(await phone.locator('main img, main script').count()).toBe(0)

      const [first, second, ...rest] = bundle.entries
      const forged = { ...second, event: { ...second?.event, type: HOSTILE } }
      await open(phone, JSON.stringify({ ...bundle, entries: [first, forged, ...rest] }))
      await phone.getByRole('alert').getByText('Record and statechart part at event 2').waitFor()
      await shoot(phone, 'replay-diverged')
      for (const [text, reason] of [
        ['PK\u0003\u0004', 'it is not in the format honua-replay'],
        [JSON.stringify({ ...bundle, version: 7 }), 'it has version 7 of the format'],
        [JSON.stringify({ ...bundle, machine: { ...bundle.machine, name: 'x' } }), 'there is no statechart called "x"'],
      ] as const) {
        await open(phone, text)
        await phone.getByRole('alert').getByText(reason).waitFor()
      }
      expect(await axeFindings(phone)).toEqual([])
      expect(wrong).toEqual([])
    } finally {
      await files.close()
    }
  })
})
