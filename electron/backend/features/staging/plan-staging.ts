import type { ReviewScope, Whitespace } from '../../../../shared/contract/review.ts'
import type { StagedPart, StagingVerb } from '../../../../shared/contract/staging.ts'
import { replacementsOf } from '../../../../shared/lib/replacements.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { listTree, readBlobs } from '../../adapters/git/git-objects.ts'
import { decodePath } from '../../adapters/git/status.ts'
import { listTreeChanges, type TreeChange } from '../../adapters/git/tree-changes.ts'
import { readPatches } from '../../adapters/git/tree-patches.ts'
import type { ReviewLook } from '../review/review-service.ts'
import { weighChoice, type SelectionInput } from './selection-rules.ts'
import {
  inTheWay,
  isSame,
  isSubmodule,
  isText,
  nothingWords,
  sidesOf,
  versionsOf,
  type Pair,
  type PathVersions,
  type TreeSteps,
  type Version,
} from './staging-rules.ts'

export interface StagingWish {
  readonly verb: StagingVerb
  readonly scope: ReviewScope
  readonly whitespace: Whitespace
  readonly parts: readonly StagedPart[]
}

/** What a path is to become: a version that is known to git, or a text of some lines. */
export type Target =
  | { readonly kind: 'version'; readonly version: Version | null }
  | { readonly kind: 'lines'; readonly mode: string; readonly selection: SelectionInput }

export interface PlannedPath {
  readonly rawPath: string
  readonly before: Version | null
  readonly after: Target
  /** Of the last commit, which nobody can lose. */
  readonly head: Version | null
}

export type PlanRefusal = 'STALE' | 'UNMERGED' | 'ONLY_WHOLE' | 'INVALID'
type Planned = Result<readonly PlannedPath[], PlanRefusal>

/** Even a patch that is chosen from must fit into memory. */
const maxPatchBytes = 64 * 1024 * 1024

/** What a wish means for each path, judged against the worktree as it is now; changes nothing. */
export const planStaging = async (look: ReviewLook, wish: StagingWish): Promise<Planned> => {
  if (!sidesOf[wish.verb].scopes.includes(wish.scope))
    return refuse('INVALID', 'What is shown here is not what that would change. Choose another scope and try again.')
  const changes = await look.compare(wish.scope)
  const byPath = new Map(changes.map((change) => [change.rawPath, change]))
  const steps = await readSteps(look)
  const planned = new Map<string, PlannedPath>()
  for (const part of wish.parts) {
    const change = byPath.get(part.rawPath)
    if (!change || !isAsShown(change, part)) return stale(part.rawPath)
    const paths = await planPart(look, steps, wish, { part, change })
    if (!paths.ok) return paths
    for (const path of paths.value) planned.set(path.rawPath, path)
  }
  if (sidesOf[wish.verb].changes === 'index') clearTheWay(planned, steps, wish.verb)
  return ok([...planned.values()])
}

export const stale = (rawPath: string): Result<never, 'STALE'> =>
  refuse('STALE', `${decodePath(rawPath)} changed meanwhile, so nothing was done. Look at it again and repeat.`)

const isAsShown = (change: TreeChange, part: StagedPart): boolean =>
  change.oldOid === part.oldOid &&
  change.newOid === part.newOid &&
  change.oldMode === part.oldMode &&
  change.newMode === part.newMode

const readSteps = async ({ reader, worktree, trees }: ReviewLook): Promise<TreeSteps> => {
  const read = async (from: string, to: string): Promise<ReadonlyMap<string, Pair>> => {
    const changes = await listTreeChanges(reader, worktree.path, { from, to })
    return new Map(changes.map((change) => [change.rawPath, pairOf(change)]))
  }
  const [committed, staged, unstaged] = await Promise.all([
    read(trees.base, trees.head),
    read(trees.head, trees.index),
    read(trees.index, trees.work),
  ])
  return { committed, staged, unstaged }
}

const pairOf = ({ oldMode, oldOid, newMode, newOid }: TreeChange): Pair => ({
  old: oldMode === null || oldOid === null ? null : { mode: oldMode, oid: oldOid },
  new: newMode === null || newOid === null ? null : { mode: newMode, oid: newOid },
})

interface Piece {
  readonly part: StagedPart
  readonly change: TreeChange
}

const planPart = async (
  look: ReviewLook,
  steps: TreeSteps,
  wish: StagingWish,
  { part, change }: Piece,
): Promise<Planned> => {
  const rawPaths = [...new Set([change.oldRawPath, change.rawPath])]
  const conflicted = rawPaths.find((rawPath) => look.unmerged.has(rawPath))
  if (conflicted !== undefined)
    return refuse('UNMERGED', `${decodePath(conflicted)} has a conflict. Settle it and stage it with git add first.`)
  if (part.lines !== null) return planLines(look, steps, wish, { part, change })
  const { changes, takes } = sidesOf[wish.verb]
  const planned: PlannedPath[] = []
  for (const rawPath of rawPaths) {
    const versions = versionsOf(rawPath, steps)
    if (!versions) return stale(rawPath)
    const [before, version] = [versions[changes], versions[takes]]
    if (isSame(before, version)) continue
    if (changes === 'work' && (isSubmodule(before) || isSubmodule(version)))
      return refuse('INVALID', `${decodePath(rawPath)} is a repository of its own. Go back to another commit in there.`)
    planned.push({ rawPath, before, after: { kind: 'version', version }, head: versions.head })
  }
  if (planned.length > 0) return ok(planned)
  return refuse('INVALID', `${decodePath(part.rawPath)}: ${nothingWords[wish.verb]}`)
}

const onlyWhole = (rawPath: string, why: string): Result<never, 'ONLY_WHOLE'> =>
  refuse('ONLY_WHOLE', `${decodePath(rawPath)} ${why}`)

const planLines = async (
  look: ReviewLook,
  steps: TreeSteps,
  { verb, whitespace }: StagingWish,
  { part, change }: Piece,
): Promise<Planned> => {
  const { rawPath, lines } = part
  const versions = versionsOf(rawPath, steps)
  if (!versions || lines === null) return stale(rawPath)
  const { changes, takes, compares } = sidesOf[verb]
  const [old, fresh] = [versions[compares[0]], versions[compares[1]]]
  if (change.oldRawPath !== rawPath) return onlyWhole(rawPath, 'was renamed, so it goes as a whole only.')
  if (!isText(old) || !isText(fresh)) return onlyWhole(rawPath, 'is no file of lines, so it goes as a whole only.')
  const shown = pairOf(change)
  if (!isSame(shown.old, old) || !isSame(shown.new, fresh)) return onlyWhole(rawPath, mixedWords[verb])
  const patches = await readPatches(look.reader, look.worktree.path, look.objects, [change], {
    ignoresWhitespace: whitespace === 'ignore',
    maxBytes: maxPatchBytes,
  })
  const patch = patches.get(rawPath)
  const replacements = patch?.kind === 'patch' ? replacementsOf(patch.raw) : []
  const [before, after] = await readTexts(look, [old, fresh])
  if (replacements.length === 0 || isPointer(before) || isPointer(after))
    return onlyWhole(rawPath, 'has no lines to choose from, so it goes as a whole only.')
  const weight = weighChoice(replacements, lines)
  if (weight === 'outside') return stale(rawPath)
  if (weight === 'nothing') return refuse('INVALID', 'Choose some lines that changed.')
  const path = { rawPath, before: versions[changes], head: versions.head }
  const mode = (versions[changes] ?? versions[takes])?.mode ?? '100644'
  const whole = versions[takes]
  // What is left out of the comparison is no part of the choice.
  const isAll = whitespace === 'show' || whole === null || versions[changes] === null
  if (weight === 'everything' && isAll) {
    return ok([{ ...path, after: { kind: 'version', version: whole && { mode, oid: whole.oid } } }])
  }
  return ok([{ ...path, after: { kind: 'lines', mode, selection: { before, after, replacements, choice: lines } } }])
}

const mixedWords: Readonly<Record<StagingVerb, string>> = {
  stage: 'has other changes staged or committed beside these. Choose the scope Unstaged to stage some of its lines.',
  unstage: 'has other changes beside those staged. Choose the scope Staged to unstage some of its lines.',
  discard:
    'has other changes staged or committed beside these. Choose the scope Unstaged to discard some of its lines.',
  revert: 'is shown against another version. Choose the scope All changes to revert some of its lines.',
}

const readTexts = async (look: ReviewLook, versions: readonly (Version | null)[]): Promise<[string, string]> => {
  const oids = versions.flatMap((version) => version?.oid ?? [])
  const blobs = await readBlobs(look.reader, look.worktree.path, [...new Set(oids)])
  const text = (version: Version | null | undefined): string =>
    (version && blobs.get(version.oid)?.toString('latin1')) || ''
  return [text(versions[0]), text(versions[1])]
}

/** The version of a path in the files, and the text of it that git would store; null when there is none of lines. */
export const readWorkText = async (
  look: ReviewLook,
  rawPath: string,
): Promise<{ readonly version: Version; readonly stored: string } | null> => {
  const { reader, worktree, trees } = look
  const entry = (await listTree(reader, worktree.path, trees.work)).find((each) => each.rawPath === rawPath)
  if (!entry || !isText(entry)) return null
  const [stored] = await readTexts(look, [entry, null])
  return { version: { mode: entry.mode, oid: entry.oid }, stored }
}

const isPointer = (text: string): boolean => text.startsWith('version https://git-lfs.github.com/spec/v1\n')

/** A file that comes where a folder was takes its files with it, and the other way round. */
const clearTheWay = (planned: Map<string, PlannedPath>, steps: TreeSteps, verb: StagingVerb): void => {
  const coming = [...planned.values()].filter(({ after }) => after.kind === 'lines' || after.version !== null)
  const { changes, takes } = sidesOf[verb]
  const known = verb === 'stage' ? steps.unstaged.keys() : steps.staged.keys()
  for (const rawPath of inTheWay(
    coming.map((path) => path.rawPath),
    known,
  )) {
    const versions: PathVersions | undefined = versionsOf(rawPath, steps)
    if (planned.has(rawPath) || !versions || versions[changes] === null || versions[takes] !== null) continue
    planned.set(rawPath, {
      rawPath,
      before: versions[changes],
      after: { kind: 'version', version: null },
      head: versions.head,
    })
  }
}
