import { describe, expect, it } from 'vitest'
import { defaultAppearance } from '../../shared/contract/settings.ts'
import { parseAppearance } from '../data/settings.ts'
import { applyAppearance, recalledAppearance, rememberAppearance } from './theme.ts'
import { windowTitle } from './use-window-title.ts'

const pageWith = (matching: readonly string[]) => {
  const dataset: Record<string, string> = {}
  const page = {
    document: { documentElement: { dataset } },
    matchMedia: (query: string) => ({ matches: matching.includes(query) }),
  }
  return { dataset, page: page as unknown as Parameters<typeof applyAppearance>[0] }
}

describe('applyAppearance', () => {
  it.each([
    ['dark', [], 'dark'],
    ['light', [], 'light'],
    ['system', [], 'dark'],
    ['system', ['(prefers-color-scheme: light)'], 'light'],
    ['dark', ['(prefers-color-scheme: light)'], 'dark'],
  ] as const)('paints %s with %j as %s', (theme, matching, painted) => {
    const { page, dataset } = pageWith(matching)
    applyAppearance(page, { theme, contrast: 'normal' })
    expect(dataset).toEqual({ theme: painted, contrast: 'normal' })
  })

  it('takes high contrast from the person or from the system', () => {
    const chosen = pageWith([])
    applyAppearance(chosen.page, { theme: 'dark', contrast: 'high' })
    expect(chosen.dataset['contrast']).toBe('high')
    const asked = pageWith(['(prefers-contrast: more)'])
    applyAppearance(asked.page, { theme: 'dark', contrast: 'normal' })
    expect(asked.dataset['contrast']).toBe('high')
  })
})

describe('the remembered appearance', () => {
  const createStorage = () => {
    const items = new Map<string, string>()
    return {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => items.set(key, value),
    } as unknown as Storage
  }

  it('comes back as it was', () => {
    const storage = createStorage()
    rememberAppearance(storage, { ...defaultAppearance, theme: 'light' })
    expect(parseAppearance(recalledAppearance(storage))).toEqual({ ...defaultAppearance, theme: 'light' })
  })

  it('is the default on the first visit, and when something else stands there', () => {
    expect(parseAppearance(recalledAppearance(createStorage()))).toEqual(defaultAppearance)
    const storage = createStorage()
    storage.setItem('switchyard.appearance', '{"theme":')
    expect(parseAppearance(recalledAppearance(storage))).toEqual(defaultAppearance)
  })
})

describe('the title of the window', () => {
  it('carries how many agents wait', () => {
    expect(windowTitle(0)).toBe('Switchyard')
    expect(windowTitle(3)).toBe('(3) Switchyard')
  })
})
