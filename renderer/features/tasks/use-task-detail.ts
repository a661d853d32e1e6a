import { useCallback, useEffect, useState } from 'react'
import type { TaskId } from '../../../shared/lib/ids.ts'
import { useConnection, useData } from '../../data/data-context.tsx'
import { settle } from '../../data/settle.ts'
import { useTask } from '../../data/tasks.ts'
import { useBlockers } from './task-index.tsx'

export type DetailState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly notReady: string | null }
  | { readonly kind: 'failed'; readonly message: string }

/**
 * What of a task is not on the board: its comments, checkpoints and ended attempts, put where their news goes too. It is
 * asked for again whenever the task changes, for whether it can be claimed follows from more than its own row.
 */
export const useTaskDetail = (id: TaskId): { readonly state: DetailState; readonly retry: () => void } => {
  const { api, stores } = useData()
  const rev = useTask(id)?.rev
  // What it waits for is no part of its row, and changes without it.
  const waits = useBlockers(id)
    .map(({ other, kind }) => `${kind} ${other.key} ${other.state}`)
    .join()
  const isLive = useConnection().kind === 'live'
  const [state, setState] = useState<DetailState>({ kind: 'loading' })
  const ask = useCallback((_since: string) => settle(api.tasks.detail({ taskId: id })), [api, id])
  const take = useCallback(
    (answer: Awaited<ReturnType<typeof ask>>, known: number | undefined) => {
      if (!answer.ok) return setState({ kind: 'failed', message: answer.refusal.message })
      const { task, attempts, checkpoints, comments, dependencies, notReady } = answer.value
      // News may be faster than an answer: an older row never takes the place of a newer one.
      if ((known ?? -1) < task.rev) stores.tasks.put([task])
      stores.attempts.put(attempts.filter((row) => (stores.attempts.get(row.id)?.rev ?? -1) <= row.rev))
      stores.checkpoints.put(checkpoints)
      stores.comments.put(comments)
      stores.dependencies.put(dependencies)
      return setState({ kind: 'ready', notReady })
    },
    [stores],
  )
  useEffect(() => {
    let isGone = false
    if (isLive)
      void ask(waits).then((answer) => {
        if (!isGone) take(answer, rev)
      })
    return () => {
      isGone = true
    }
  }, [ask, take, rev, waits, isLive])
  return { state, retry: () => void ask(waits).then((answer) => take(answer, stores.tasks.get(id)?.rev)) }
}
