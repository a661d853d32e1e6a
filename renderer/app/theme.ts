import type { Appearance } from '../../shared/contract/settings.ts'

const cacheKey = 'switchyard.appearance'

interface ThemePage {
  readonly document: Pick<Document, 'documentElement'>
  readonly matchMedia: (query: string) => { readonly matches: boolean }
}

/** Sets theme and contrast on the root element. The system's wish for more contrast counts as ours. */
export const applyAppearance = (page: ThemePage, { theme, contrast }: Pick<Appearance, 'theme' | 'contrast'>): void => {
  const { dataset } = page.document.documentElement
  const isLight = theme === 'system' ? page.matchMedia('(prefers-color-scheme: light)').matches : theme === 'light'
  dataset['theme'] = isLight ? 'light' : 'dark'
  const wantsMore = contrast === 'high' || page.matchMedia('(prefers-contrast: more)').matches
  dataset['contrast'] = wantsMore ? 'high' : 'normal'
}

/** Keeps the colours in this browser, so that the next start does not flash in the wrong ones. */
export const rememberAppearance = (storage: Storage, { theme, contrast }: Appearance): void =>
  storage.setItem(cacheKey, `${theme} ${contrast}`)

/** What this browser showed last, to be validated like a stored setting; null on the first visit. */
export const recalledAppearance = (
  storage: Storage,
): { readonly theme?: unknown; readonly contrast?: unknown } | null => {
  const [theme, contrast] = storage.getItem(cacheKey)?.split(' ') ?? []
  return theme === undefined || contrast === undefined ? null : { theme, contrast }
}
