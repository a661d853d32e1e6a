import type { RemoteState } from '../../../../shared/contract/remote.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { compareLink, forgeKindOf } from '../../adapters/forges/remote-address-rules.ts'
import { countBetween } from '../../adapters/git/commit-counts.ts'
import { listCommits } from '../../adapters/git/commit-list.ts'
import { isAncestor } from '../../adapters/git/diff-numbers.ts'
import { resolveCommit } from '../../adapters/git/read-head.ts'
import { readRepositoryFeatures } from '../../adapters/git/repository-features.ts'
import { forgeAt, readPlace, type RemoteDeps, type RemotePlace } from './remote-parts.ts'
import { isLocalUrl, proposePullRequest, withoutLogin } from './remote-rules.ts'
import { findPullRequestOf } from './remote-store.ts'

type Gone = 'NOT_FOUND' | 'WORKTREE_MISSING'

/** Where a branch stands with its remote, from what is here: nobody is asked. */
export const readRemoteState = async (deps: RemoteDeps, id: WorktreeId): Promise<Result<RemoteState, Gone>> => {
  const found = await readPlace(deps, id)
  if (!found.ok) return found
  const place = found.value
  const { worktree, branch, head, remote, url, address, base } = place
  const remoteHead = await remoteCommit(deps, place, branch)
  const counts =
    head !== null && remoteHead !== null ? await countBetween(deps.git, worktree.path, head, remoteHead) : null
  const stored = await deps.database.read((tx) => findPullRequestOf(tx, id))
  const known = stored?.branch === branch ? stored : null
  const compare = { base: base ?? '', branch: branch ?? '' }
  const speaks = forgeAt(deps, place)
  const tool = speaks && (await deps.hasTool(speaks.forge.kind === 'github' ? 'gh' : 'glab'))
  return ok({
    remote: remote === null || url === null ? null : { name: remote, url: withoutLogin(url), isLocal: isLocalUrl(url) },
    branch,
    head,
    remoteHead,
    ahead: counts?.ahead ?? 0,
    behind: counts?.behind ?? 0,
    base,
    isInBase: await isInBase(deps, place),
    forge: address === null ? null : forgeKindOf(address.host),
    tool: tool === null ? 'none' : tool ? 'ready' : 'missing',
    compareUrl: address !== null && base !== null && branch !== null ? compareLink(address, compare) : null,
    pullRequest: known,
    notes: await notesOf(deps, place),
    problem: problemOf(place),
  })
}

const problemOf = ({ remote, url, branch, head }: RemotePlace): string | null => {
  if (remote === null) return 'The repository has no remote. Add one in a terminal: git remote add origin <address>'
  if (url === null) return `${remote} has several addresses to push to. Push in a terminal, or leave it one.`
  if (branch === null) return 'No branch is checked out here, so there is nothing to push. Make one in its terminal.'
  return head === null ? 'There is no commit to push yet.' : null
}

const notesOf = async ({ git }: RemoteDeps, { worktree, url }: RemotePlace): Promise<string[]> => {
  const { usesLfs } = await readRepositoryFeatures(git, worktree.path)
  const local = url !== null && isLocalUrl(url)
  return [
    ...(usesLfs ? ['Large files of Git LFS are not uploaded with it. Run git lfs push in a terminal before.'] : []),
    ...(local ? ['It goes to a folder of this computer, whose own hooks run.'] : []),
  ]
}

const remoteCommit = (deps: RemoteDeps, { worktree, remote }: RemotePlace, branch: string | null) =>
  remote === null || branch === null
    ? Promise.resolve(null)
    : resolveCommit(deps.git, worktree.path, `refs/remotes/${remote}/${branch}`)

/** A branch that has nothing of its own is in its base from the beginning: that is no news. */
const isInBase = async (deps: RemoteDeps, place: RemotePlace): Promise<boolean> => {
  const { worktree, head, base } = place
  const target = await remoteCommit(deps, place, base)
  if (target === null || head === null || worktree.base === null) return false
  if (await isAncestor(deps.git, worktree.path, head, worktree.base.sha)) return false
  return isAncestor(deps.git, worktree.path, head, target)
}

/** A title and a text for a pull request, from the commits and the task that the session works on. */
export const proposeFor = async (
  deps: RemoteDeps,
  id: WorktreeId,
): Promise<Result<{ title: string; body: string; base: string }, Gone | 'NO_REMOTE'>> => {
  const found = await readPlace(deps, id)
  if (!found.ok) return found
  const { worktree, branch, head, base } = found.value
  if (branch === null || head === null || base === null)
    return refuse('NO_REMOTE', problemOf(found.value) ?? 'It is not known what the branch should go into.')
  const from = (await remoteCommit(deps, found.value, base)) ?? (await resolveCommit(deps.git, worktree.path, base))
  const commits = from === null ? [] : await listCommits(deps.git, worktree.path, { from, to: head, most: 50 })
  return ok({ ...proposePullRequest({ commits, task: await taskOf(deps, id), branch }), base })
}

const taskOf = ({ database, sessions, tasks }: RemoteDeps, id: WorktreeId) =>
  database.read(async (tx) => {
    for (const session of await sessions.list(tx)) {
      if (session.worktreeId !== id) continue
      const [attempt] = await tasks.listOfSession(tx, session.id)
      const task = attempt && (await tasks.find(tx, attempt.taskId))
      if (task) return task
    }
    return null
  })
