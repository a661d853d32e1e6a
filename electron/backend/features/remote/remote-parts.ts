import type { PullRequest } from '../../../../shared/contract/remote.ts'
import type { Project } from '../../../../shared/contract/projects.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Forge } from '../../adapters/forges/forge.ts'
import { forgeKindOf, readRemoteAddress, type RemoteAddress } from '../../adapters/forges/remote-address-rules.ts'
import { readPushUrl } from '../../adapters/git/push.ts'
import { readHead } from '../../adapters/git/read-head.ts'
import { listRemotes } from '../../adapters/git/refs.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import type { Database } from '../../db/database.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { RunCommand } from '../../kernel/run-command.ts'
import type { MailService } from '../mail/mail-service.ts'
import type { ProjectsService } from '../projects/projects-service.ts'
import type { SessionsService } from '../sessions/sessions-service.ts'
import type { TasksService } from '../tasks/tasks-service.ts'
import type { WorktreesService } from '../worktrees/worktrees-service.ts'
import { baseBranch } from './remote-rules.ts'

export interface RemoteDeps {
  readonly git: Git
  readonly database: Database
  readonly runCommand: RunCommand
  readonly clock: Clock
  readonly projects: Pick<ProjectsService, 'find'>
  readonly worktrees: Pick<WorktreesService, 'requireFolder'>
  readonly sessions: Pick<SessionsService, 'list'>
  readonly tasks: Pick<TasksService, 'listOfSession' | 'find' | 'requestChangesOf'>
  readonly mail: Pick<MailService, 'post'>
  readonly forges: Readonly<Record<PullRequest['forge'], Forge>>
  /** Whether the command-line program of a forge is on the person's PATH. */
  readonly hasTool: (command: 'gh' | 'glab') => Promise<boolean>
}

/** A worktree's branch and where it would be pushed, as they are now. */
export interface RemotePlace {
  readonly worktree: Worktree
  readonly project: Project
  readonly branch: string | null
  readonly head: string | null
  readonly remote: string | null
  /** As git has it, with a login that may be in it. */
  readonly url: string | null
  readonly address: RemoteAddress | null
  /** The branch it is to go into. */
  readonly base: string | null
}

type Gone = 'NOT_FOUND' | 'WORKTREE_MISSING'

export const readPlace = async (deps: RemoteDeps, id: WorktreeId): Promise<Result<RemotePlace, Gone>> => {
  const { git, database, worktrees, projects } = deps
  const found = await worktrees.requireFolder(id)
  if (!found.ok) return found
  const worktree = found.value
  const project = await database.read((tx) => projects.find(tx, worktree.projectId))
  if (!project) return refuse('NOT_FOUND', 'That project is not in the list any more.')
  const head = await readHead(git, worktree.path)
  const remote = listRemotes(await git.listConfig(worktree.path))[0] ?? null
  const url = remote === null ? null : await readPushUrl(git, worktree.path, remote)
  return ok({
    worktree,
    project,
    branch: head.kind === 'detached' ? null : head.branch,
    head: head.kind === 'unborn' ? null : head.sha,
    remote,
    url,
    address: url === null ? null : readRemoteAddress(url),
    base: baseBranch(worktree.base?.ref ?? null, remote, project.defaultBranch),
  })
}

/** The forge that has pull requests for a place, if its program is one we speak to. */
export const forgeAt = (
  { forges }: RemoteDeps,
  { address }: Pick<RemotePlace, 'address'>,
): { readonly forge: Forge; readonly address: RemoteAddress } | null => {
  const kind = address === null ? null : forgeKindOf(address.host)
  return address !== null && (kind === 'github' || kind === 'gitlab') ? { forge: forges[kind], address } : null
}
