import { join } from 'node:path'
import type { Worktree } from '../../../shared/contract/worktrees.ts'
import type { Forge, ForgePullRequest, NewPullRequest } from '../adapters/forges/forge.ts'
import { createRemoteService, type RemoteDeps, type RemoteService } from '../features/remote/remote-service.ts'
import { type Yard } from '../features/worktrees/testing.ts'
import type { ForgeCode } from '../../../shared/contract/remote.ts'
import { ok, refuse, type Refusal } from '../../../shared/lib/result.ts'
import { createCommentsLab, type CommentsLab } from './comments-lab.ts'

/** A forge that remembers what it is told, for tests of what is made of its answers. */
export interface StandInForge extends Forge {
  pull: ForgePullRequest | null
  readonly made: NewPullRequest[]
  refusal: Refusal<ForgeCode> | null
  asked: number
}

export interface RemoteLab extends AsyncDisposable {
  readonly yard: Yard
  readonly bare: string
  readonly worktree: Worktree
  readonly forge: StandInForge
  readonly remote: RemoteService
  readonly tasks: CommentsLab['tasks']
  readonly mail: CommentsLab['mail']
  readonly join: CommentsLab['join']
  /** Moved by tests. */
  readonly clock: { now: number }
  readonly commit: (text: string) => Promise<string>
  readonly git: (...args: string[]) => Promise<string>
  /** Gives the remote an address on GitHub, while what is pushed still goes to the folder. */
  readonly nameRemote: () => Promise<void>
}

export const pullOf = (part: Partial<ForgePullRequest>): ForgePullRequest => ({
  number: 7,
  url: 'https://github.com/acme/app/pull/7',
  title: 'Do it',
  state: 'open',
  head: 'a'.repeat(40),
  base: 'main',
  checks: [],
  comments: [],
  ...part,
})

export const createStandInForge = (): StandInForge => {
  const forge: StandInForge = {
    kind: 'github',
    pull: null,
    made: [],
    refusal: null,
    asked: 0,
    find: async () => {
      forge.asked += 1
      return forge.refusal ? refuse(forge.refusal.code, forge.refusal.message) : ok(forge.pull?.number ?? null)
    },
    read: async () => {
      if (forge.refusal) return refuse(forge.refusal.code, forge.refusal.message)
      if (!forge.pull) throw new Error('There is no pull request to read.')
      return ok(forge.pull)
    },
    create: async (_at, wish) => {
      if (forge.refusal) return refuse(forge.refusal.code, forge.refusal.message)
      forge.made.push(wish)
      forge.pull = pullOf({ title: wish.title, state: wish.isDraft ? 'draft' : 'open' })
      return ok(forge.pull.number)
    },
  }
  return forge
}

/** A worktree with a branch of its own, a bare repository it is pushed to, and sessions with real mail and tasks. */
export const createRemoteLab = async (): Promise<RemoteLab> => {
  const clock = { now: Date.now() }
  const comments = await createCommentsLab(undefined, () => clock.now)
  const { yard, worktree } = comments.review
  const bare = join(yard.lab.root, 'bare.git')
  await yard.lab.plain(yard.repo, 'clone', '-q', '--bare', '--single-branch', '--branch=main', yard.repo, bare)
  await yard.lab.plain(yard.repo, 'remote', 'add', 'origin', bare)
  await yard.lab.plain(yard.repo, 'fetch', '-q', 'origin')
  const forge = createStandInForge()
  const deps: RemoteDeps = {
    ...yard.kernel,
    git: yard.lab.git,
    projects: yard.projects,
    worktrees: yard.worktrees,
    sessions: comments.deps.sessions,
    tasks: comments.tasks,
    mail: comments.mail,
    forges: { github: forge, gitlab: { ...forge, kind: 'gitlab' } },
    hasTool: async (command) => command === 'gh',
  }
  const git = (...args: string[]) => yard.lab.plain(worktree.path, ...args)
  return {
    yard,
    bare,
    worktree,
    forge,
    remote: createRemoteService(deps),
    tasks: comments.tasks,
    mail: comments.mail,
    join: comments.join,
    clock,
    git,
    commit: async (text) => {
      await yard.lab.write(join(worktree.path, 'file.txt'), text)
      return yard.lab.commitAll(worktree.path, text)
    },
    nameRemote: async () => {
      await git('config', 'remote.origin.pushurl', 'https://github.com/acme/app.git')
    },
    [Symbol.asyncDispose]: () => comments[Symbol.asyncDispose](),
  }
}
