import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clickInto, shows, showsAllOf, terminalOf, tileOf, until } from './driver.ts'
import { openPage, openPageSetting, showing, type OpenPage, type PageSetting } from './setting.ts'

let setting: PageSetting
let opened: OpenPage
beforeAll(async () => {
  setting = await openPageSetting(true)
})
afterAll(() => setting.dispose())
afterEach(async () => {
  expect(opened.problems).toEqual([])
  await opened.close()
})

const canvasOf = (n: number) => tileOf(opened.page, n).locator('.xterm-screen canvas').first()

/** How many pixels of a terminal differ from its background: none where nothing is drawn. */
const drawnPixels = async (n: number) => {
  const png = await tileOf(opened.page, n).locator('.xterm-screen').screenshot()
  return opened.page.evaluate(async (base64) => {
    const blob = new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))])
    const image = await createImageBitmap(blob)
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 0, image.width, image.height)
    const last = data.slice(-4)
    let count = 0
    for (let at = 0; at < data.length; at += 4) {
      if (Math.abs(data[at]! - last[0]!) + Math.abs(data[at + 1]! - last[1]!) > 60) count += 1
    }
    return count
  }, png.toString('base64'))
}

describe('terminals drawn with a graphics context', () => {
  it('show their text', async () => {
    opened = await openPage(setting, { launches: [showing(setting.workDir, 'drawn by the graphics card')] })
    await canvasOf(1).waitFor()
    await until(() => drawnPixels(1)).toBeGreaterThan(300)
    expect(await tileOf(opened.page, 1).locator('.xterm-rows').count()).toBe(0)
  })

  it('go on with elements when the context is lost, with nothing lost', async () => {
    opened = await openPage(setting, { launches: [showing(setting.workDir, 'still here')] })
    const { page } = opened
    await canvasOf(1).waitFor()
    await until(() => drawnPixels(1)).toBeGreaterThan(100)
    await page.evaluate(() => {
      for (const canvas of document.querySelectorAll<HTMLCanvasElement>('.xterm-screen canvas')) {
        canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext()
      }
    })
    await shows(tileOf(page, 1), 'still here')
    await clickInto(tileOf(page, 1))
    await page.keyboard.type('and goes on')
    await shows(tileOf(page, 1), 'and goes on')
    await showsAllOf(tileOf(page, 1), terminalOf(opened, 1))
  })
})
