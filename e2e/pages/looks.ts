import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

const looks = [
  { theme: 'dark', contrast: 'normal' },
  { theme: 'light', contrast: 'normal' },
  { theme: 'dark', contrast: 'high' },
  { theme: 'light', contrast: 'high' },
] as const

/**
 * Looks at what is shown in every theme: nothing that the WCAG rules of axe know of stands in the way, and nothing else
 * that is serious. Only colours differ between the looks, so from the second on these alone are asked about.
 */
export const expectAccessible = async (page: Page, screen: string) => {
  for (const [index, look] of looks.entries()) {
    await page.evaluate(({ theme, contrast }) => {
      Object.assign(document.documentElement.dataset, { theme, contrast })
    }, look)
    // A colour that is still changing would be measured half-way.
    await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined))))
    // The terminal's screen is xterm's own, and its program chooses the colours; screen readers have its live region.
    // All is in one document: without the page of its own in which axe would put the findings of several together.
    // Nobody reads what stands in nobody's way: describing that costs most of a look.
    const axe = new AxeBuilder({ page })
      .setLegacyMode()
      .options({ resultTypes: ['violations'] })
      .exclude('.xterm')
    const { violations } = await (index === 0 ? axe : axe.withRules('color-contrast')).analyze()
    const found = violations
      .filter(({ impact, tags }) => isSerious(impact) || tags.some((tag) => tag.startsWith('wcag')))
      .map(({ id, help, nodes }) => ({ id, help, nodes: nodes.slice(0, 3).map((node) => node.html.slice(0, 200)) }))
    expect(found, `${screen}, ${look.theme}, ${look.contrast} contrast`).toEqual([])
  }
}

const isSerious = (impact: string | null | undefined) => impact === 'serious' || impact === 'critical'
