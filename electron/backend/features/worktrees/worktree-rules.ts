import type { WorktreeChoice } from '../../../../shared/contract/sessions.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'

const longestSlug = 40

/** Names that Windows keeps for devices, also as a part of a path. */
const deviceNames = /^(?:con|prn|aux|nul|com\d|lpt\d)$/

/** A title as a part of a branch and of a folder: lower-case letters, digits and single hyphens, never empty. */
export function slugFrom(title: string): string {
  const plain = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longestSlug)
    .replace(/^-+|-+$/g, '')
  if (plain === '') return 'session'
  return deviceNames.test(plain) ? `${plain}-session` : plain
}

/** The first of `prefix/slug`, `prefix/slug-2` … that no branch stands in the way of. */
export function pickBranch(prefix: string, slug: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const branch = `${prefix}${number === 1 ? slug : `${slug}-${number}`}`
    if (!isBlocked(branch, taken)) return branch
    // With a branch called like the prefix itself no name below it is free; then the names stand beside it.
    if (isBlockedAbove(branch, taken)) return pickBranch(prefix.replaceAll('/', '-'), slug, taken)
  }
}

/** git keeps branches as files: `a` and `a/b` exclude each other, and some file systems know no case. */
export function isBlocked(branch: string, taken: readonly string[]): boolean {
  const wanted = branch.toLowerCase()
  return taken.some((other) => {
    const name = other.toLowerCase()
    return name === wanted || name.startsWith(`${wanted}/`) || wanted.startsWith(`${name}/`)
  })
}

function isBlockedAbove(branch: string, taken: readonly string[]): boolean {
  const wanted = branch.toLowerCase()
  return taken.some((other) => wanted.startsWith(`${other.toLowerCase()}/`))
}

/** Branch names that we create, of the person's choosing included; git itself would accept `$(id)` and backticks. */
export function isAllowedBranchName(name: string): boolean {
  if (!/^[A-Za-z0-9._/-]{1,100}$/.test(name)) return false
  const parts = name.split('/')
  const isPartAllowed = (part: string): boolean =>
    part !== '' && !part.startsWith('.') && !part.startsWith('-') && !part.endsWith('.') && !part.endsWith('.lock')
  return parts.every(isPartAllowed) && !name.includes('..') && name !== 'HEAD' && !name.startsWith('refs/')
}

/**
 * The folder of a new worktree: `<root>/<repo>-<hash>/<slug>-<id>`. The hash is of the repository's common dir, so two
 * repositories of one name do not meet; the id is the worktree's, so no two worktrees do.
 */
export function worktreePath(input: {
  readonly root: string
  readonly projectName: string
  readonly commonDirHash: string
  readonly slug: string
  readonly id: string
}): string {
  const shortId = input.id.slice(-8).toLowerCase()
  return `${input.root}/${slugFrom(input.projectName)}-${input.commonDirHash.slice(0, 8)}/${input.slug}-${shortId}`
}

/** What a worktree is to be, checked against the repository and not yet written down. */
export interface WorktreePlan {
  readonly kind: Worktree['kind']
  /** Null where the branch is still to be named, and where there is none. */
  readonly branch: string | null
  /** The base asked for, or the remote branch that an existing branch comes from. */
  readonly startRef: string | null
  /** Null for a folder that we make. */
  readonly path: string | null
}

export type PlanRefusalCode = 'BRANCH_EXISTS' | 'BRANCH_IN_USE' | 'BAD_BRANCH_NAME' | 'BAD_BASE'

export type PlanResult =
  | { readonly kind: 'planned'; readonly plan: WorktreePlan }
  | { readonly kind: 'refused'; readonly code: PlanRefusalCode; readonly message: string }

export interface RepositoryView {
  readonly rootPath: string
  readonly headBranch: string | null
  readonly localBranches: readonly string[]
  /** `origin/main` … */
  readonly remoteBranches: readonly string[]
  readonly remotes: readonly string[]
  readonly pathByBranch: ReadonlyMap<string, string>
  /** For an existing worktree: what its folder is. */
  readonly adopted: { readonly path: string; readonly branch: string | null } | null
}

/** Judges what the person chose. */
export function planWorktree(choice: WorktreeChoice, view: RepositoryView): PlanResult {
  switch (choice.kind) {
    case 'new-branch':
      return planNewBranch(choice.branch, choice.baseRef, view)
    case 'existing-branch':
      return planExistingBranch(choice.branch, view)
    case 'existing-worktree':
      if (view.adopted === null) {
        return refuse(
          'BAD_BASE',
          `${choice.path} is not a worktree of this project. Choose a folder that "git worktree list" shows.`,
        )
      }
      return planned({ kind: 'adopted', branch: view.adopted.branch, startRef: null, path: view.adopted.path })
    case 'in-place':
      return planned({ kind: 'in-place', branch: view.headBranch, startRef: null, path: view.rootPath })
    default:
      return unreachable(choice)
  }
}

function planNewBranch(branch: string | null, startRef: string | null, view: RepositoryView): PlanResult {
  if (branch === null) return planned({ kind: 'new-branch', branch: null, startRef, path: null })
  if (!isAllowedBranchName(branch)) {
    return refuse(
      'BAD_BRANCH_NAME',
      'Use letters, digits and . _ / - for the branch, at most 100, and no part that starts or ends with a dot or hyphen.',
    )
  }
  if (isBlocked(branch, view.localBranches)) {
    return refuse(
      'BRANCH_EXISTS',
      `The branch ${branch} exists, or one that excludes it. Choose another name, or work on the existing branch.`,
    )
  }
  return planned({ kind: 'new-branch', branch, startRef, path: null })
}

function planExistingBranch(branch: string, view: RepositoryView): PlanResult {
  if (view.localBranches.includes(branch)) {
    const path = view.pathByBranch.get(branch)
    if (path !== undefined) {
      return refuse(
        'BRANCH_IN_USE',
        `The branch ${branch} is checked out in ${path}. Open that worktree, or choose another branch.`,
      )
    }
    return planned({ kind: 'existing-branch', branch, startRef: null, path: null })
  }
  const remote = view.remotes.find((name) => branch.startsWith(`${name}/`))
  if (remote === undefined || !view.remoteBranches.includes(branch)) {
    return refuse('BAD_BASE', `There is no branch ${branch} here. Choose one of the list.`)
  }
  const local = branch.slice(remote.length + 1)
  if (!isAllowedBranchName(local)) {
    return refuse(
      'BAD_BRANCH_NAME',
      `The name of ${branch} has signs that Switchyard does not put into a new branch. Check it out with git and choose the local branch.`,
    )
  }
  if (isBlocked(local, view.localBranches)) {
    return refuse('BRANCH_EXISTS', `The branch ${local} exists here already. Choose that one instead of ${branch}.`)
  }
  return planned({ kind: 'existing-branch', branch: local, startRef: `refs/remotes/${branch}`, path: null })
}

const planned = (plan: WorktreePlan): PlanResult => ({ kind: 'planned', plan })
const refuse = (code: PlanRefusalCode, message: string): PlanResult => ({ kind: 'refused', code, message })

/** Only folders that Switchyard made are ever removed by it. */
export function ownsFolder(kind: Worktree['kind']): boolean {
  return kind === 'new-branch' || kind === 'existing-branch'
}

export function missingMessage({ path, kind }: Pick<Worktree, 'path' | 'kind'>): string {
  const next =
    kind === 'in-place'
      ? 'Put it back, or open the project at its new place.'
      : 'Restore it, or choose where it is now.'
  return `The folder ${path} is gone or was moved. ${next}`
}

export interface NoteFacts {
  readonly kind: Worktree['kind']
  readonly baseNote: string | null
  readonly submodules: readonly string[]
  readonly usesLfs: boolean
  readonly isLfsInstalled: boolean
  readonly wasLfsSkipped: boolean
  readonly refusedPrograms: readonly string[]
}

/** What a person should know of a worktree that was just made. */
export function worktreeNotes(facts: NoteFacts): string[] {
  const notes: string[] = []
  if (facts.kind === 'in-place')
    notes.push('This session works in the main checkout, beside you: its changes mix with yours.')
  if (facts.baseNote !== null) notes.push(facts.baseNote)
  if (!ownsFolder(facts.kind)) return notes
  if (facts.submodules.length > 0)
    notes.push('Submodules are not initialised here. Run "git submodule update --init" if you need them.')
  if (facts.usesLfs && !facts.isLfsInstalled) notes.push('Git LFS files are pointers here: git-lfs is not installed.')
  if (facts.wasLfsSkipped) notes.push('Git LFS files are pointers here: they could not be fetched. Run "git lfs pull".')
  const filters = facts.refusedPrograms.filter((name) => name.startsWith('filter.'))
  if (filters.length > 0) {
    notes.push(
      `Files were written without the repository's own filters (${filters.join(', ')}). Run "git checkout -- ." here if you need them.`,
    )
  }
  return notes
}

const surfaceNote = 'What git runs in this repository changed since the session started: '

/** Adds or replaces the alarm about changed hooks and settings; the rest of the notes stays. */
export function withSurfaceNote(notes: readonly string[], changed: readonly string[]): string[] {
  const others = notes.filter((note) => !note.startsWith(surfaceNote))
  if (changed.length === 0) return others
  const shown = changed.slice(0, 5).join(', ')
  const more = changed.length > 5 ? ` and ${changed.length - 5} more` : ''
  return [...others, `${surfaceNote}${shown}${more}. Look at it before you run git there.`]
}

const problemNote = 'git cannot look at this worktree: '

/** Adds or replaces what keeps git from reading a worktree; null takes it away. */
export function withProblemNote(notes: readonly string[], problem: string | null): string[] {
  const others = notes.filter((note) => !note.startsWith(problemNote))
  return problem === null ? others : [...others, `${problemNote}${problem}. Mend it with git in a terminal.`]
}
