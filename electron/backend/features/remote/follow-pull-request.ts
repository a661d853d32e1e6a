import { isDeepStrictEqual } from 'node:util'
import type { ForgeCode, PullRequest } from '../../../../shared/contract/remote.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Forge, ForgePullRequest, NewPullRequest } from '../../adapters/forges/forge.ts'
import type { RemoteAddress } from '../../adapters/forges/remote-address-rules.ts'
import { isAncestor } from '../../adapters/git/diff-numbers.ts'
import { resolveCommit } from '../../adapters/git/read-head.ts'
import { readRef } from '../../adapters/git/refs.ts'
import type { Identity } from '../../kernel/identity.ts'
import { forgeAt, readPlace, type RemoteDeps, type RemotePlace } from './remote-parts.ts'
import { nextLook, type Looks } from './remote-rules.ts'
import {
  findPullRequest,
  findPullRequestOf,
  listRemoteComments,
  putPullRequest,
  replaceRemoteComments,
} from './remote-store.ts'

type Gone = 'NOT_FOUND' | 'WORKTREE_MISSING'
export type LooksByWorktree = Map<WorktreeId, Looks>

export interface CreateWish extends Omit<NewPullRequest, 'branch'> {
  readonly worktreeId: WorktreeId
}

const noForge = () =>
  refuse('NO_TOOL', 'Pull requests can be made here on GitHub and GitLab alone. Use the page of your server instead.')

/** Asks the forge for a pull request from the branch as it was pushed. */
export const createPullRequest = async (
  deps: RemoteDeps,
  { worktreeId, ...wish }: CreateWish,
  by: Identity,
): Promise<Result<PullRequest, Gone | 'NO_REMOTE' | 'NOT_PUSHED' | ForgeCode>> => {
  const found = await readPlace(deps, worktreeId)
  if (!found.ok) return found
  const place = found.value
  const { branch, remote, worktree } = place
  if (branch === null || remote === null)
    return refuse('NO_REMOTE', 'There is no branch, or no remote, to make it from.')
  const speaks = forgeAt(deps, place)
  if (speaks === null) return noForge()
  const there = await readRef(deps.git, worktree.path, `refs/remotes/${remote}/${branch}`)
  if (there === null) return refuse('NOT_PUSHED', 'Push the branch first: a pull request is made from what is there.')
  const made = await speaks.forge.create(speaks.address, { ...wish, branch })
  if (!made.ok) return made
  const read = await speaks.forge.read(speaks.address, made.value)
  if (!read.ok) return read
  const { forge, address } = speaks
  return keep(deps, { worktree, forge: forge.kind, address, branch, read: read.value }, 'create-pull-request', by)
}

/** Reads the branch's pull request from its forge. By itself only as often as the forge can be asked to answer. */
export const refreshPullRequest = async (
  deps: RemoteDeps,
  looks: LooksByWorktree,
  { worktreeId, isAsked }: { readonly worktreeId: WorktreeId; readonly isAsked: boolean },
  by: Identity,
): Promise<Result<PullRequest | null, Gone | ForgeCode>> => {
  const found = await readPlace(deps, worktreeId)
  if (!found.ok) return found
  const place = found.value
  const { branch } = place
  const stored = await deps.database.read((tx) => findPullRequestOf(tx, worktreeId))
  const known = stored?.branch === branch ? stored : null
  const isTooSoon = deps.clock.now() < (looks.get(worktreeId)?.nextAt ?? 0)
  if (!isAsked && isTooSoon) return ok(known)
  if (branch === null) return ok(null)
  const speaks = forgeAt(deps, place)
  if (speaks === null) return isAsked ? noForge() : ok(known)
  const read = await readFrom(deps, place, speaks, known)
  looks.set(worktreeId, nextLook(looks.get(worktreeId), deps.clock.now(), read.ok ? null : read.refusal.code))
  if (read.ok) {
    if (read.value === null) return ok(known)
    const isNews = read.value.state === 'merged' && known?.state !== 'merged'
    const name = isNews ? 'note-merged-pull-request' : 'refresh-pull-request'
    const { forge, address } = speaks
    return keep(deps, { worktree: place.worktree, forge: forge.kind, address, branch, read: read.value }, name, by)
  }
  if (known !== null) await noteProblem(deps, known, read.refusal.message, by)
  return isAsked ? read : ok(known && { ...known, problem: read.refusal.message })
}

/** One that is over is not looked for again by its number: the branch may have another by now. */
const readFrom = async (
  deps: RemoteDeps,
  place: RemotePlace,
  { forge, address }: { readonly forge: Forge; readonly address: RemoteAddress },
  known: PullRequest | null,
): Promise<Result<ForgePullRequest | null, ForgeCode>> => {
  const isSame = known?.host === address.host && known.repository === address.repository
  const isOpen = isSame && (known.state === 'open' || known.state === 'draft')
  const number = isOpen ? ok(known.number) : await forge.find(address, place.branch ?? '')
  if (!number.ok) return number
  if (number.value === null) return ok(null)
  const read = await forge.read(address, number.value)
  if (!read.ok || isSame) return read
  const isOver = read.value.state === 'merged' || read.value.state === 'closed'
  // An older branch of the same name had it, when its commits are none of this one's.
  const { path } = place.worktree
  const there = await resolveCommit(deps.git, path, read.value.head)
  const isOwn = there !== null && place.head !== null && (await isAncestor(deps.git, path, there, place.head))
  return isOver && !isOwn ? ok(null) : read
}

interface Found {
  readonly worktree: Worktree
  readonly forge: PullRequest['forge']
  readonly address: RemoteAddress
  readonly branch: string
  readonly read: ForgePullRequest
}

const keep = (
  deps: RemoteDeps,
  { worktree, forge, address, branch, read: { comments, ...facts } }: Found,
  name: 'create-pull-request' | 'refresh-pull-request' | 'note-merged-pull-request',
  by: Identity,
): Promise<Result<PullRequest>> =>
  deps.runCommand({ name, by }, async ({ tx, now, newId, emit }) => {
    const before = await findPullRequestOf(tx, worktree.id)
    const isSame = before?.number === facts.number && before.repository === address.repository
    const id = isSame ? before.id : newId('prq')
    await replaceRemoteComments(tx, id, comments)
    const pull: PullRequest = {
      ...facts,
      id,
      projectId: worktree.projectId,
      worktreeId: worktree.id,
      forge,
      ...address,
      branch,
      comments: comments.length,
      newComments: (await listRemoteComments(tx, id)).filter(({ givenAt }) => givenAt === null).length,
      fetchedAt: now,
      problem: null,
    }
    await putPullRequest(tx, pull)
    // When it was looked at is no news by itself.
    if (!isDeepStrictEqual({ ...pull, fetchedAt: 0 }, { ...before, fetchedAt: 0 }))
      await emit('pullrequests.changed', id, pull)
    return ok(pull)
  })

const noteProblem = (deps: RemoteDeps, { id }: PullRequest, problem: string, by: Identity) =>
  deps.runCommand({ name: 'refresh-pull-request', by }, async ({ tx, emit }) => {
    const pull = await findPullRequest(tx, id)
    if (!pull || pull.problem === problem) return ok(undefined)
    await putPullRequest(tx, { ...pull, problem })
    await emit('pullrequests.changed', id, { ...pull, problem })
    return ok(undefined)
  })
