import { existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import chromium from '@sparticuz/chromium'
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from 'playwright-core'

/** Where screenshots go, for people to look at. */
const SHOTS = process.env['HONUA_SHOTS'] ?? join(tmpdir(), 'honua-shots')
/** Waiting here is for a page to get somewhere; each wait ends as soon as it is there. */
const PATIENCE_MS = 30_000
/** What the browser says of a controller that is gone or refuses an order, whatever a page does about it. */
const LOST = /net::ERR_(?:CONNECTION|INCOMPLETE)|responded with a status of 4(?:0[09]|23)/

/** A real Chromium, with all that guards a user switched on. */
export async function openBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--font-render-hinting=none', '--disable-gpu', '--no-zygote'],
  })
}

/** A page of a browser that knows nothing of others, and all that went wrong in it. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly mistakes: readonly string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...options })
  context.setDefaultTimeout(PATIENCE_MS)
  const page = await context.newPage()
  const mistakes: string[] = []
  page.on('pageerror', (error) => mistakes.push(String(error)))
  page.on('dialog', (dialog) => {
    mistakes.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('console', (message) => {
    if (message.type() === 'error' && !LOST.test(message.text())) mistakes.push(message.text())
  })
  return { page, mistakes }
}

export async function shoot(page: Page, name: string): Promise<void> {
  if (!existsSync(SHOTS)) mkdirSync(SHOTS, { recursive: true })
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true })
}
