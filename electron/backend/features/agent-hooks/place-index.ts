import { realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Change } from '../../../../shared/contract/changes.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { SessionId, WorktreeId } from '../../../../shared/lib/ids.ts'
import type { HooksDeps } from './hook-parts.ts'
import type { Places, WorkFolder } from './places-rules.ts'

/** Where each session stands among the folders of its project, kept from call to call until one of them changes. */
export const createPlaceIndex = (
  deps: Pick<HooksDeps, 'database' | 'sessions' | 'worktrees' | 'projects' | 'home' | 'ignoresCase'>,
) => {
  const known = new Map<SessionId, Promise<Places | null>>()
  const named = new Map<SessionId, string>()
  const placed = new Map<WorktreeId, string>()

  const isPlacedAnew = (worktree: Worktree) => {
    const [before, after] = [placed.get(worktree.id), placeOf(worktree)]
    placed.set(worktree.id, after)
    return before !== after
  }

  const read = async (sessionId: SessionId): Promise<Places | null> => {
    const found = await deps.database.read(async (tx) => {
      const sessions = await deps.sessions.list(tx)
      const session = sessions.find(({ id }) => id === sessionId)
      const project = session && (await deps.projects.find(tx, session.projectId))
      if (!session || !project) return null
      const worktrees = (await deps.worktrees.list(tx)).filter(({ projectId }) => projectId === project.id)
      return { sessions, session, project, worktrees }
    })
    if (!found) return null
    const { sessions, session, project, worktrees } = found
    for (const each of sessions) named.set(each.id, nameOf(each))
    for (const each of worktrees) placed.set(each.id, placeOf(each))
    const there = worktrees.filter(({ state }) => state.kind !== 'deleted')
    const own = there.find(({ id }) => id === session.worktreeId)
    const others = there.filter((worktree) => worktree !== own && worktree.kind !== 'in-place')
    const folders = await Promise.all(others.map((worktree) => folderOf(worktree, sessions)))
    const isInPlace = own === undefined || own.kind === 'in-place'
    const root: WorkFolder = {
      path: await realPathOf(project.rootPath),
      branch: project.defaultBranch,
      owner: 'the person: it is the project’s own checkout',
    }
    return {
      own: isInPlace ? { ...root, branch: own?.branch ?? null } : await folderOf(own, sessions),
      others: isInPlace ? folders : [...folders, root],
      home: deps.home,
      ignoresCase: deps.ignoresCase,
    }
  }

  return {
    placesOf: (sessionId: SessionId): Promise<Places | null> => {
      const places = known.get(sessionId) ?? read(sessionId)
      known.set(sessionId, places)
      // A read that failed must not be the answer for ever.
      places.catch(() => known.delete(sessionId))
      return places
    },
    follow: (changes: readonly Change[]) => {
      const isOther = changes.some((change) => {
        if (change.topic === 'sessions.changed') return named.get(change.payload.id) !== nameOf(change.payload)
        // Its numbers change with each edit; where it stands hardly ever does.
        if (change.topic === 'worktrees.changed') return isPlacedAnew(change.payload)
        return ['sessions.removed', 'worktrees.removed', 'projects.changed'].includes(change.topic)
      })
      if (isOther) known.clear()
    },
  }
}

/** What of a session a place tells. */
const nameOf = ({ title, worktreeId, projectId }: Session) => `${projectId} ${worktreeId ?? ''} ${title}`

/** What of a worktree a place tells. */
const placeOf = ({ kind, path, branch, projectId, state }: Worktree) =>
  JSON.stringify([projectId, kind, path, branch, state.kind])

const folderOf = async (worktree: Worktree, sessions: readonly Session[]): Promise<WorkFolder> => {
  const session = sessions.find(({ worktreeId }) => worktreeId === worktree.id)
  return {
    path: await realPathOf(worktree.path),
    branch: worktree.branch,
    owner: session ? `the session “${session.title}” (${session.id})` : 'no session any more',
  }
}

/** The path without links, as far as it is there; with "/" between its parts. */
export const realPathOf = async (path: string): Promise<string> => {
  const real = await realpath(path).catch(() => null)
  if (real !== null) return real.replaceAll('\\', '/')
  const parent = dirname(path)
  return parent === path
    ? path.replaceAll('\\', '/')
    : join(await realPathOf(parent), path.slice(parent.length)).replaceAll('\\', '/')
}
