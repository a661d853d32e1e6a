import { useEffect } from 'react'
import { useConnection } from '../data/data-context.tsx'
import { useAppearance } from '../data/settings.ts'
import { applyAppearance, rememberAppearance } from './theme.ts'

/** Paints the page as the settings say, and again when the system changes its mind. */
export const useTheme = (): void => {
  const appearance = useAppearance()
  const isKnown = useConnection().kind === 'live'
  useEffect(() => {
    // Before the first snapshot the settings are not known: what the last visit remembered stays.
    if (!isKnown) return undefined
    const apply = () => applyAppearance(window, appearance)
    apply()
    rememberAppearance(window.localStorage, appearance)
    const queries = ['(prefers-color-scheme: light)', '(prefers-contrast: more)'].map((query) => matchMedia(query))
    for (const query of queries) query.addEventListener('change', apply)
    return () => {
      for (const query of queries) query.removeEventListener('change', apply)
    }
  }, [appearance, isKnown])
}
