import { useEffect, useState } from 'react'
import type { FolderListing } from '../../shared/contract/host.ts'
import { useApi } from './data-context.tsx'
import { settle } from './settle.ts'

/** The folders of the computer that Switchyard runs on, beginning at a path, or at home when that is no folder. */
export const useFolders = (initialPath: string) => {
  const api = useApi()
  const [listing, setListing] = useState<FolderListing | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [start] = useState(initialPath)
  const list = async (path: string): Promise<FolderListing | null> => {
    const result = await settle(api.host.listFolders({ path }))
    setProblem(result.ok ? null : result.refusal.message)
    if (!result.ok) return null
    setListing(result.value)
    return result.value
  }
  useEffect(() => {
    let isGone = false
    void settle(api.host.listFolders({ path: start })).then(async (result) => {
      // Whoever takes the path says that it is no folder.
      const shown = result.ok || start === '' ? result : await settle(api.host.listFolders({ path: '' }))
      if (isGone) return
      if (shown.ok) setListing(shown.value)
      else setProblem(shown.refusal.message)
    })
    return () => {
      isGone = true
    }
  }, [api, start])
  return { listing, problem, list, forgetProblem: () => setProblem(null) }
}
