import { useCallback, useState } from 'react'
import type { ReviewFile } from '../../../shared/contract/review.ts'
import { useData } from '../../data/data-context.tsx'
import { settle } from '../../data/settle.ts'
import { useNotices } from '../../lib/notices.tsx'
import type { WorktreeId } from '../../../shared/lib/ids.ts'
import type { SinceDiff } from './diff-items.ts'
import { loadDiffLibrary } from './diff-library.ts'

/** What changed in files since they were viewed, for those of which that was asked for. */
export const useSince = (worktreeId: WorktreeId) => {
  const { api } = useData()
  const notices = useNotices()
  const [since, setSince] = useState<ReadonlyMap<string, SinceDiff>>(new Map())
  const put = useCallback((rawPath: string, diff: SinceDiff | null) => {
    setSince((before) => {
      const next = new Map(before)
      if (diff === null) next.delete(rawPath)
      else next.set(rawPath, diff)
      return next
    })
  }, [])
  const textOf = useCallback(
    (oid: string | null) =>
      oid === null ? Promise.resolve('') : api.review.text({ worktreeId, oid }).then(({ text }) => text),
    [api, worktreeId],
  )
  const show = useCallback(
    async (file: ReviewFile) => {
      const both = await settle(Promise.all([textOf(file.viewedOid), textOf(file.newOid), loadDiffLibrary()]))
      if (!both.ok) return notices.refuse(both.refusal.message)
      const [before, after, { parseDiffFromFile }] = both.value
      const key = `since ${file.rawPath} ${file.viewedOid} ${file.newOid}`
      const diff = parseDiffFromFile({ name: file.path, contents: before }, { name: file.path, contents: after })
      diff.cacheKey = key
      return put(file.rawPath, { key, diff })
    },
    [notices, put, textOf],
  )
  const toggle = useCallback(
    (file: ReviewFile, isShown: boolean) => (isShown ? put(file.rawPath, null) : void show(file)),
    [put, show],
  )
  return { since, toggle, forget: useCallback((rawPath: string) => put(rawPath, null), [put]) }
}

/** Of what was asked for only that which still says something: the file is stale still, and against the same version. */
export const stillSince = (
  since: ReadonlyMap<string, SinceDiff>,
  files: readonly ReviewFile[],
): ReadonlyMap<string, SinceDiff> => {
  if (since.size === 0) return since
  const isRight = (file: ReviewFile) =>
    file.mark === 'stale' && since.get(file.rawPath)?.key === `since ${file.rawPath} ${file.viewedOid} ${file.newOid}`
  return new Map(
    files.filter(isRight).flatMap(({ rawPath }) => {
      const diff = since.get(rawPath)
      return diff === undefined ? [] : [[rawPath, diff] as const]
    }),
  )
}
