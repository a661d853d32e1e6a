import { useEffect, useState } from 'react'
import { useApi } from './data-context.tsx'
import { createFolderWalk, type FolderWalkState } from './folder-walk.ts'
import { settle } from './settle.ts'

/** The folders of the computer that Switchyard runs on, beginning at a path, or at home when that is no folder. */
export const useFolders = (initialPath: string) => {
  const api = useApi()
  const [state, setState] = useState<FolderWalkState>({ listing: null, problem: null })
  const [start] = useState(initialPath)
  const [walk] = useState(() =>
    createFolderWalk(
      (path) => settle(api.host.listFolders({ path })),
      (change) => setState((before) => ({ ...before, ...change })),
    ),
  )
  useEffect(() => {
    void walk.begin(start)
  }, [walk, start])
  return { ...state, list: walk.list, leave: walk.leave }
}
