import { chromium, type Browser } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { chromiumFlags } from './chromium-flags.ts'
import { chromiumPath } from './terminal-page/setting.ts'

let browser: Browser | undefined
afterEach(() => browser?.close())

it('leaves off what Playwright leaves off', () => {
  const folder = dirname(createRequire(import.meta.url).resolve('playwright-core/package.json'))
  const source = readFileSync(join(folder, 'lib', 'coreBundle.js'), 'utf8')
  const [, list = ''] = /disabledFeatures = \[([^\]]*)\]/.exec(source) ?? []
  const theirs = [...list.matchAll(/^\s*"(\w+)",?$/gm)].map(([, name]) => name)
  expect(theirs).toContain('PaintHolding')
  const ours = chromiumFlags.join().split(/[=,]/)
  expect(theirs.filter((name) => !ours.includes(name ?? ''))).toEqual([])
})

it('opens no page but ours', async () => {
  browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', ...chromiumFlags] })
  const page = await browser.newPage()
  await page.goto('data:text/html,ours')
  const session = await browser.newBrowserCDPSession()
  const { targetInfos } = await session.send('Target.getTargets', { filter: [{}] })
  expect(targetInfos.filter(({ type }) => type !== 'tab' && type !== 'browser').map(({ url }) => url)).toEqual([
    'data:text/html,ours',
  ])
})
