import type { TerminalLook } from './create-xterm.ts'
import { readTerminalTheme } from './terminal-theme.ts'

/** How terminals look now, by the tokens of the page. */
export const readLook = (root: HTMLElement, fontSize: number): TerminalLook => {
  const style = getComputedStyle(root)
  const toRgb = createColorReader(root.ownerDocument)
  const read = (name: string) => toRgb(style.getPropertyValue(name))
  return {
    ...readTerminalTheme(read, root.dataset['contrast'] === 'high'),
    fontFamily: style.getPropertyValue('--font-code').trim(),
    fontSize,
  }
}

/**
 * Any colour the browser knows as the pixel it paints: a custom property comes back as written, and builds rewrite
 * `oklch()` into `lab()` and worse, while xterm reads only rgb.
 */
const createColorReader = (document: Document) => {
  const canvas = document.createElement('canvas')
  canvas.width = 1
  canvas.height = 1
  const context = canvas.getContext('2d', { willReadFrequently: true })
  return (color: string): string => {
    if (context === null || !CSS.supports('color', color)) return color
    context.clearRect(0, 0, 1, 1)
    context.fillStyle = color.trim()
    context.fillRect(0, 0, 1, 1)
    const [r = 0, g = 0, b = 0, a = 255] = context.getImageData(0, 0, 1, 1).data
    return `rgb(${r} ${g} ${b} / ${a / 255})`
  }
}

/** Calls back when the theme or contrast of the page changes. The result stops it. */
export const watchTheme = (root: HTMLElement, changed: () => void): (() => void) => {
  const observer = new MutationObserver(changed)
  observer.observe(root, { attributes: true, attributeFilter: ['data-theme', 'data-contrast'] })
  return () => observer.disconnect()
}

/**
 * Resolves when the code font can be measured: with a fallback's widths the cells, and with them the size told to
 * programs, would be wrong. A font that cannot be loaded leaves the fallback, which is then the right one to measure.
 */
export const whenFontReady = async (fonts: FontFaceSet, { fontFamily, fontSize }: TerminalLook): Promise<void> => {
  const first = fontFamily.split(',')[0] ?? 'monospace'
  await Promise.allSettled([400, 600].map((weight) => fonts.load(`${weight} ${fontSize}px ${first}`, 'Wg│')))
}
