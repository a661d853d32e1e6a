import type { z } from 'zod'
import type { baseSchema, Project } from '../../../../shared/contract/projects.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { fetchBranch, type FetchResult } from '../../adapters/git/fetch.ts'
import { resolveCommit } from '../../adapters/git/read-head.ts'
import { listRemotes } from '../../adapters/git/refs.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import type { Database } from '../../db/database.ts'
import type { Clock } from '../../kernel/clock.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import type { RunCommand } from '../../kernel/run-command.ts'
import { listBaseSources, showPath, type BaseSource } from './project-rules.ts'
import { putFetch, readFetches } from './projects-store.ts'

export type Base = z.infer<typeof baseSchema>

export interface FreshBaseDeps {
  readonly git: Git
  readonly database: Database
  readonly clock: Clock
  readonly runCommand: RunCommand
  /** How long a person waits for a remote before work goes on with what is there. */
  readonly fetchBudgetMs: number
}

/** `fetch` asks the remote first; `known` takes what is here already. */
export type FindFreshBase = (
  project: Project,
  baseRef: string | null,
  reach: 'fetch' | 'known',
) => Promise<Result<Base, 'BAD_BASE'>>

/** A fetch this young is as good as a new one: several sessions that start together share one. */
const fetchIsFreshMs = 10_000

type RemoteSource = Extract<BaseSource, { kind: 'remote' }>

/** Finds the commit a new session starts from, fetched now when it comes from a remote. */
export const createFindFreshBase = (deps: FreshBaseDeps): FindFreshBase => {
  const fetchesUnderWay = new Map<string, Promise<FetchResult>>()

  const fetchOnce = async (project: Project, source: RemoteSource): Promise<FetchResult> => {
    const last = await lastFetch(project, source.ref)
    if (last !== null && deps.clock.now() - last < fetchIsFreshMs) return { kind: 'fetched' }
    const key = `${project.id} ${source.ref}`
    const running = fetchesUnderWay.get(key)
    if (running) return running
    const { remote, branch } = source
    const started = fetchBranch(deps.git, { cwd: project.rootPath, remote, branch, budgetMs: deps.fetchBudgetMs })
      .then(async (result) => {
        if (result.kind === 'fetched') await recordFetch(project, source.ref)
        return result
      })
      .finally(() => void fetchesUnderWay.delete(key))
    fetchesUnderWay.set(key, started)
    return started
  }

  const recordFetch = async (project: Project, ref: string): Promise<void> => {
    await deps.runCommand({ name: 'record-fetch', by: systemIdentity }, async ({ tx, now }) =>
      ok(await putFetch(tx, project.id, ref, now)),
    )
  }

  const lastFetch = async (project: Project, ref: string): Promise<number | null> =>
    (await deps.database.read((tx) => readFetches(tx, project.id)))[ref] ?? null

  return async (project, baseRef, reach) => {
    const remotes = listRemotes(await deps.git.listConfig(project.rootPath))
    let note: string | null = null
    for (const source of listBaseSources(project, remotes, baseRef)) {
      if (source.kind === 'remote' && reach === 'fetch') {
        const result = await fetchOnce(project, source)
        if (result.kind !== 'fetched') note = describeFailedFetch(source, result)
      }
      const sha = await resolveCommit(deps.git, project.rootPath, source.ref)
      if (sha === null) continue
      const fetchedAt = source.kind === 'remote' ? await lastFetch(project, source.ref) : null
      return ok({ ref: source.ref, sha, fetchedAt, note })
    }
    const wanted = baseRef ?? project.defaultBranch ?? 'HEAD'
    return refuse('BAD_BASE', `There is no branch, tag or commit ${showPath(wanted)} here. Choose another base.`)
  }
}

function describeFailedFetch(source: RemoteSource, result: Exclude<FetchResult, { kind: 'fetched' }>): string {
  const used = `The session starts from what is here already.`
  if (result.kind === 'too-slow') return `${source.remote} did not answer in time. ${used}`
  return `${source.remote}/${source.branch} could not be fetched (${result.reason}). ${used}`
}
