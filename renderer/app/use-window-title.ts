import { useEffect } from 'react'
import { useNeedsYouCount } from '../features/asks/use-needs-you.ts'

export const windowTitle = (needs: number): string => (needs === 0 ? 'Switchyard' : `(${needs}) Switchyard`)

/** Carries the number of agents that wait into the title, where a tab or task bar shows it. */
export const useWindowTitle = (): void => {
  const needs = useNeedsYouCount()
  useEffect(() => {
    document.title = windowTitle(needs)
  }, [needs])
}
