import { useSyncExternalStore } from 'react'

const isLight = () => document.documentElement.dataset['theme'] === 'light'

const onTheme = (changed: () => void) => {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}

/** Whether the page is light by now, by the person's choice or the system's. */
export const useIsLight = (): boolean => useSyncExternalStore(onTheme, isLight)
