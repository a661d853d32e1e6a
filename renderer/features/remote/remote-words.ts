import type {
  ForgeKind,
  PullRequest,
  RemoteCheck,
  RemoteComment,
  RemoteState,
} from '../../../shared/contract/remote.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import type { MarkKind } from '../../ui/status-mark.tsx'

const commits = (count: number): string => (count === 1 ? '1 commit' : `${count} commits`)

/** Where the branch stands, in a few words. */
export const standWords = ({ head, remoteHead, ahead, behind }: RemoteState): string => {
  if (head === null || remoteHead === null) return 'Not pushed yet'
  if (ahead === 0 && behind === 0) return 'All of it is there'
  if (behind === 0) return `${commits(ahead)} to push`
  return ahead === 0
    ? `${commits(behind)} there that are not here`
    : `${ahead} to push, ${behind} there that are not here`
}

/** Why a push would do nothing, or not what was meant; null when it can be made. */
export const pushBlocked = (state: RemoteState): string | null => {
  if (state.problem !== null) return state.problem
  if (state.remoteHead !== null && state.ahead === 0) return 'Everything is there already.'
  return state.behind > 0 ? 'The branch there has commits that are not here. Bring them in, or replace them.' : null
}

/** What can be replaced: a branch that went another way. */
export const canReplace = (state: RemoteState): boolean => state.problem === null && state.ahead > 0 && state.behind > 0

/** Why no pull request can be made now; null when it can. */
export const createBlocked = (state: RemoteState): string | null => {
  if (state.remoteHead === null) return 'Push the branch first.'
  return state.branch !== null && state.branch === state.base ? 'This is the branch it would go into.' : null
}

export const requestWord = (forge: ForgeKind | null): string => (forge === 'gitlab' ? 'merge request' : 'pull request')

const forgeNames: Readonly<Record<ForgeKind, string>> = {
  github: 'GitHub',
  gitlab: 'GitLab',
  bitbucket: 'Bitbucket',
  gitea: 'Gitea',
}
export const forgeName = (forge: ForgeKind): string => forgeNames[forge]

const installs: Partial<Readonly<Record<ForgeKind, string>>> = {
  github: 'Install gh (https://cli.github.com) and run `gh auth login` to make pull requests here.',
  gitlab: 'Install glab (https://gitlab.com/gitlab-org/cli) and run `glab auth login` to make merge requests here.',
}
/** What is missing; null when nothing can be done about it. */
export const toolWords = ({ tool, forge }: RemoteState): string | null =>
  tool === 'missing' && forge !== null ? (installs[forge] ?? null) : null

export const stateWords: Readonly<Record<PullRequest['state'], string>> = {
  open: 'Open',
  draft: 'Draft',
  merged: 'Merged',
  closed: 'Closed',
}

/** What its checks come to. */
export const checksWords = (
  checks: readonly RemoteCheck[],
): { readonly mark: MarkKind; readonly words: string } | null => {
  const counted = checks.filter(({ state }) => state !== 'skipped')
  if (counted.length === 0) return null
  const failed = counted.filter(({ state }) => state === 'failed').length
  const pending = counted.filter(({ state }) => state === 'pending').length
  if (failed > 0) return { mark: 'failed', words: `${failed} of ${counted.length} checks failed` }
  if (pending > 0) return { mark: 'working', words: `${pending} of ${counted.length} checks under way` }
  return { mark: 'passed', words: counted.length === 1 ? 'Its check passed' : `All ${counted.length} checks passed` }
}

/** Where a comment is, and whose it is. */
export const commentHead = ({ author, path, line }: RemoteComment): string => {
  const where = path === null ? '' : ` · ${visibleLine(path)}${line === null ? ' (outdated)' : `:${line}`}`
  return `${visibleLine(author)}${where}`
}

/** That it is over elsewhere, and what is left to do; null while it is not. */
export const mergedWords = ({ pullRequest, isInBase, base }: RemoteState): string | null => {
  const isMerged = pullRequest?.state === 'merged'
  if (!isMerged && !isInBase) return null
  const where = isMerged
    ? `Merged on ${forgeName(pullRequest.forge)}`
    : `All its commits are in ${visibleLine(base ?? '')}`
  return `${where}. Approve its task if that is still in review; worktree and branch stay until you delete them.`
}
