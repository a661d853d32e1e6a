import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Check, CheckRun, GateState } from '../../shared/contract/checks.ts'
import type { CheckId, ProjectId, WorktreeId } from '../../shared/lib/ids.ts'
import { countChecks, markOf, type CheckMark } from './check-summary.ts'
import { useData } from './data-context.tsx'
import { settle } from './settle.ts'
import { runKeyOf } from './check-rows.ts'

/** Of a project, in the order in which they run. */
export const useChecks = (projectId: ProjectId): readonly Check[] =>
  useStore(
    useData().stores.checks.store,
    useShallow((rows) => checksOf(rows.byId.values(), projectId)),
  )

export const checksOf = (checks: Iterable<Check>, projectId: ProjectId): Check[] =>
  [...checks]
    .filter((check) => check.projectId === projectId)
    .sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1))

/** The newest run of a check in a worktree, or before merges when that is null. */
export const useRun = (checkId: CheckId, worktreeId: WorktreeId | null): CheckRun | undefined =>
  useStore(useData().stores.checkRuns.store, (rows) => rows.byId.get(runKeyOf({ checkId, worktreeId })))

/** Of every check of a worktree the newest run, in the order of the checks; undefined where there is none. */
export const useRuns = (checks: readonly Check[], worktreeId: WorktreeId): readonly (CheckRun | undefined)[] =>
  useStore(
    useData().stores.checkRuns.store,
    useShallow((rows) => checks.map(({ id: checkId }) => rows.byId.get(runKeyOf({ checkId, worktreeId })))),
  )

/** What the checks say of what a worktree has committed, for a row or a card; null when they say nothing. */
export const useCheckMark = (worktreeId: WorktreeId | null): CheckMark | null => {
  const { checks, checkRuns, worktrees } = useData().stores
  const worktree = useStore(worktrees.store, (rows) => (worktreeId === null ? undefined : rows.byId.get(worktreeId)))
  const all = useStore(
    checks.store,
    useShallow((rows) => (worktree === undefined ? [] : checksOf(rows.byId.values(), worktree.projectId))),
  )
  return useStore(
    checkRuns.store,
    useShallow((rows) => {
      if (worktree === undefined || all.length === 0) return null
      const runOf = ({ id: checkId }: Check) => rows.byId.get(runKeyOf({ checkId, worktreeId: worktree.id }))
      return markOf(countChecks(all, runOf, worktree.headSha))
    }),
  )
}

/** What the gates say of a worktree, asked again whenever `stamp` is another one; null until it is known. */
export const useGates = (worktreeId: WorktreeId, stamp: string): GateState | null => {
  const { api } = useData()
  const [known, setKnown] = useState<{ readonly stamp: string; readonly gates: GateState } | null>(null)
  useEffect(() => {
    let isCurrent = true
    void settle(api.checks.gates({ worktreeId })).then((read) => {
      if (isCurrent && read.ok) setKnown({ stamp, gates: read.value })
    })
    return () => {
      isCurrent = false
    }
  }, [api, worktreeId, stamp])
  // What was said of an earlier one stays until the next is there: nothing is to flicker.
  return known?.gates ?? null
}

/** Another one whenever what the gates are asked of may be: the files, the checks, or what a run came to. */
export const useGateStamp = (projectId: ProjectId, worktreeId: WorktreeId, snapshot: string | null): string => {
  const checks = useChecks(projectId)
  const runs = useRuns(checks, worktreeId)
  return useMemo(
    () =>
      JSON.stringify([
        snapshot,
        checks.map(({ id, name, command, isGate }) => [id, name, command, isGate]),
        runs.map((run) => [run?.id, run?.state.kind]),
      ]),
    [snapshot, checks, runs],
  )
}
