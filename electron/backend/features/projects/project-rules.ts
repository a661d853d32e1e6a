import type { Project } from '../../../../shared/contract/projects.ts'
import type { Refusal } from '../../../../shared/lib/result.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'

export type ProjectState = Project['state']

export type OpenRefusalCode =
  'NOT_A_FOLDER' | 'NOT_A_REPOSITORY' | 'BARE_REPOSITORY' | 'UNSAFE_OWNER' | 'DAMAGED_REPOSITORY'

/** Why a folder cannot be a project. */
export type Obstacle =
  | { readonly kind: 'relative' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'no-repository' }
  | { readonly kind: 'home' }
  | { readonly kind: 'bare'; readonly path: string }
  | { readonly kind: 'not-owned'; readonly path: string }
  | { readonly kind: 'damaged'; readonly reason: string }

/** What the person reads when a folder cannot be opened, and what to do about it. */
export function refuseToOpen(path: string, obstacle: Obstacle): Refusal<OpenRefusalCode> {
  const shown = showPath(path)
  switch (obstacle.kind) {
    case 'relative':
      return {
        code: 'NOT_A_FOLDER',
        message: `${shown} is not a full path. Give the path from the root, or choose the folder.`,
      }
    case 'absent':
      return { code: 'NOT_A_FOLDER', message: `There is no folder ${shown}. Check the path, or choose the folder.` }
    case 'no-repository':
      return {
        code: 'NOT_A_REPOSITORY',
        message: `${shown} is not in a git repository. Choose another folder, or let Switchyard start a repository there.`,
      }
    case 'home':
      return {
        code: 'NOT_A_REPOSITORY',
        message: `${shown} is too wide to become a repository. Make a folder for the project and open that.`,
      }
    case 'bare':
      return {
        code: 'BARE_REPOSITORY',
        message: `${showPath(obstacle.path)} is a bare repository, without files. Run "git worktree add ../main" in it and open that folder.`,
      }
    case 'not-owned':
      return {
        code: 'UNSAFE_OWNER',
        message: `Another user owns ${showPath(obstacle.path)}, so git does not work there. If you trust it, run: git config --global --add safe.directory ${quoteForShell(obstacle.path)}`,
      }
    case 'damaged':
      return {
        code: 'DAMAGED_REPOSITORY',
        message: `git cannot read the repository at ${shown}: ${obstacle.reason}. Mend it with git in a terminal and open it again.`,
      }
    default:
      return unreachable(obstacle)
  }
}

export interface RepositoryFacts {
  readonly hasCommits: boolean
  readonly isDetached: boolean
  readonly isShallow: boolean
  readonly isPartialClone: boolean
  readonly submodules: readonly string[]
  readonly usesLfs: boolean
  readonly isLfsInstalled: boolean
  readonly refusedPrograms: readonly string[]
}

export function projectStateFrom(facts: RepositoryFacts): ProjectState {
  if (facts.hasCommits) return { kind: 'ok' }
  return {
    kind: 'no-commits',
    message: 'This repository has no commit yet, so a session has nothing to start from. Create the first commit.',
  }
}

/** What a person should know before starting a session here. */
export function projectNotes(facts: RepositoryFacts): string[] {
  const notes: string[] = []
  if (facts.isDetached)
    notes.push('The main checkout is on no branch (detached HEAD). Sessions start from the default branch.')
  if (facts.submodules.length > 0) {
    notes.push(
      `Submodules (${listNames(facts.submodules)}) are not initialised in new worktrees. Run "git submodule update --init" in the session's terminal.`,
    )
  }
  if (facts.usesLfs && !facts.isLfsInstalled) {
    notes.push('Files kept in Git LFS stay pointers in new worktrees, because git-lfs is not installed.')
  }
  if (facts.isShallow)
    notes.push('This is a shallow clone: older history is missing. Run "git fetch --unshallow" to get it.')
  if (facts.isPartialClone)
    notes.push('This is a partial clone: files that are missing here are fetched when a worktree is made.')
  if (facts.refusedPrograms.length > 0) {
    notes.push(
      `Switchyard does not run programs that the repository's own configuration names (${listNames(facts.refusedPrograms)}). In a session's terminal git runs them as usual.`,
    )
  }
  return notes
}

/** Sessions would lose their project under them. */
export function judgeForget(liveSessions: number): Refusal<'HAS_LIVE_SESSIONS'> | null {
  if (liveSessions === 0) return null
  const them = liveSessions === 1 ? 'a session is' : `${liveSessions} sessions are`
  return { code: 'HAS_LIVE_SESSIONS', message: `${capitalise(them)} still running here. Stop or archive them first.` }
}

export function missingState(rootPath: string): ProjectState {
  return {
    kind: 'missing',
    message: `The folder ${showPath(rootPath)} is gone. Put it back, or open the project at its new place.`,
  }
}

export function damagedState(reason: string): ProjectState {
  return { kind: 'damaged', message: `git cannot read this repository: ${reason}. Mend it with git in a terminal.` }
}

/** The name a project starts with: its folder's, without the `.git` of a bare repository. */
export function nameFromPath(path: string): string {
  const last = path.split(/[/\\]/).findLast((part) => part !== '') ?? path
  const name = last.replace(/\.git$/, '') || last
  return showText(name).slice(0, 200) || 'project'
}

export type BaseSource =
  | { readonly kind: 'remote'; readonly remote: string; readonly branch: string; readonly ref: string }
  | { readonly kind: 'local'; readonly ref: string }

/**
 * Where to look for the base of a new session, the best first. A named base is taken as a full ref, a branch, or a
 * commit; none means the default branch, as the remote has it.
 */
export function listBaseSources(
  project: Pick<Project, 'defaultBranch' | 'remote'>,
  remotes: readonly string[],
  baseRef: string | null,
): readonly BaseSource[] {
  if (baseRef === null) {
    const { defaultBranch: branch, remote } = project
    if (branch === null) return [{ kind: 'local', ref: 'HEAD' }]
    const local: BaseSource = { kind: 'local', ref: `refs/heads/${branch}` }
    return remote === null ? [local] : [remoteSource(remote, branch), local]
  }
  if (!isRevisionName(baseRef)) return []
  const short = baseRef.replace(/^refs\/remotes\//, '')
  const remote = remotes.find((name) => short.startsWith(`${name}/`))
  if (baseRef.startsWith('refs/remotes/')) {
    return remote === undefined
      ? [{ kind: 'local', ref: baseRef }]
      : [remoteSource(remote, short.slice(remote.length + 1))]
  }
  if (baseRef.startsWith('refs/')) return [{ kind: 'local', ref: baseRef }]
  const sources: BaseSource[] = [{ kind: 'local', ref: `refs/heads/${baseRef}` }]
  if (remote !== undefined) sources.push(remoteSource(remote, short.slice(remote.length + 1)))
  return [...sources, { kind: 'local', ref: `refs/tags/${baseRef}` }, { kind: 'local', ref: baseRef }]
}

function remoteSource(remote: string, branch: string): BaseSource {
  return { kind: 'remote', remote, branch, ref: `refs/remotes/${remote}/${branch}` }
}

/** A ref or a commit id and no expression: git's `^`, `~`, `:` and `@{` could name more than the person saw. */
function isRevisionName(name: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return name !== '' && !name.startsWith('-') && !/[\u0000-\u001f\s~^:?*[\\\u007f]|@\{|\.\./.test(name)
}

/** A path for a message: control and direction characters made visible, so that it cannot pretend to be another. */
export function showPath(path: string): string {
  return `“${showText(path)}”`
}

function showText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, (char) =>
    char === '\n' ? '↵' : '�',
  )
}

function quoteForShell(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 3).map(showText).join(', ')
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
