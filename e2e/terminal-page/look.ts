// Takes pictures of the tiles:   node e2e/terminal-page/look.ts FOLDER
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Appearance } from '../../shared/contract/settings.ts'
import { screensOf } from './content.ts'
import { tileOf } from './driver.ts'
import { askRow } from './rows.ts'
import { appearanceSetting, openPage, openPageSetting, showing, type OpenPage } from './setting.ts'

const folder = process.argv[2] ?? '.'
mkdirSync(folder, { recursive: true })
const setting = await openPageSetting(true)

const take = async (
  name: string,
  count: number,
  appearance: Partial<Appearance>,
  [width, height]: readonly [number, number],
  act: (opened: OpenPage) => Promise<void>,
) => {
  const screens = screensOf(width > 1400 ? 76 : 66)
  const launches = Array.from({ length: count }, (_, at) =>
    showing(setting.workDir, (screens[at % screens.length] ?? []).join('\r\n')),
  )
  const opened = await openPage(setting, {
    launches,
    viewport: { width, height },
    settings: [appearanceSetting(appearance)],
    change: (state) => state.asks.push(askRow(2)),
  })
  await opened.page
    .locator('.xterm-screen')
    .nth(Math.min(count, 4) - 1)
    .waitFor()
  await act(opened)
  // Nothing moves any more after this; a picture needs no more than that.
  await opened.page.waitForTimeout(1200)
  await opened.page.screenshot({ path: join(folder, `${name}.png`) })
  if (opened.problems.length > 0) console.log(name, opened.problems)
  await opened.close()
}

const large = [1440, 900] as const
const small = [1280, 800] as const
const focusSecond = ({ page }: OpenPage) => tileOf(page, 2).locator('.xterm-screen').click()
const preset = (count: number) => async (opened: OpenPage) => {
  await opened.page.getByTestId('tile-presets').getByText(String(count), { exact: true }).click()
}

for (const theme of ['dark', 'light'] as const) {
  await take(`tiles-${theme}-1440`, 4, { theme }, large, focusSecond)
  await take(`tiles-${theme}-1280`, 4, { theme }, small, focusSecond)
  await take(`tabs-${theme}`, 4, { theme }, small, async (opened) => {
    await preset(2)(opened)
    await tileOf(opened.page, 1).locator('.xterm-screen').click()
    await opened.page.keyboard.press('Control+Shift+F')
    await opened.page.keyboard.type('test')
  })
  await take(`nine-${theme}`, 9, { theme }, large, preset(9))
  await take(`menu-${theme}`, 1, { theme }, small, async ({ page }) => {
    await tileOf(page, 1).getByLabel('More').click()
  })
  await take(`shell-${theme}`, 1, { theme }, small, async ({ page }) => {
    await tileOf(page, 1).locator('.xterm-screen').click()
    await page.keyboard.press('Alt+Shift+D')
    await page.locator('[data-view^="shell:"] textarea:focus').waitFor({ state: 'attached' })
    await page.keyboard.type('ls -la /usr | head -3')
    await page.keyboard.press('Enter')
  })
}
await take('tiles-high-contrast', 4, { theme: 'light', contrast: 'high' }, large, focusSecond)
await setting.dispose()
