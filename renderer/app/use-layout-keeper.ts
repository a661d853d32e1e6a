import { useEffect, useRef } from 'react'
import { useConnection, useData } from '../data/data-context.tsx'
import { useProjectIds } from '../data/projects.ts'
import { readSetting, writeSetting } from '../data/settings.ts'
import { useParts } from './app-context.tsx'
import { layoutKey, layoutOf, restoredLayout } from './layout.ts'
import { keepKnown, showView } from './navigation.ts'

/** Draws the tabs as they were when the window was last open, and keeps them as they change. */
export const useLayoutKeeper = (): void => {
  const data = useData()
  const { navigation } = useParts()
  const projectIds = useProjectIds()
  const isLive = useConnection().kind === 'live'
  const isRestored = useRef(false)

  useEffect(() => {
    if (!isLive) return
    if (!isRestored.current) {
      isRestored.current = true
      const layout = restoredLayout(readSetting(data, layoutKey), projectIds)
      const [first] = projectIds
      if (layout !== null) navigation.setState(layout)
      else if (first !== undefined) {
        navigation.setState((state) => showView(state, { kind: 'terminals', projectId: first }))
      }
    }
    navigation.setState((state) => keepKnown(state, projectIds))
  }, [data, navigation, projectIds, isLive])

  useEffect(
    () =>
      navigation.subscribe((now, before) => {
        if (now.view === before.view && now.tabs === before.tabs) return
        if (isRestored.current) void writeSetting(data, layoutKey, layoutOf(now))
      }),
    [data, navigation],
  )
}
