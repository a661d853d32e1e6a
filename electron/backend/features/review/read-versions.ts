import type { ReviewPatch } from '../../../../shared/contract/review.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { readBlobs, readObjectInfo } from '../../adapters/git/git-objects.ts'
import { decodePath } from '../../adapters/git/status.ts'
import { readPatches } from '../../adapters/git/tree-patches.ts'
import type { ReviewQuery } from './open-review.ts'
import { cannotRead, gone, pairOf, placeOf, viewGone, type ReviewParts } from './review-parts.ts'
import { hasLongLine, imageTypeOf, maxPatchBytes } from './review-rules.ts'

export interface PatchQuery extends ReviewQuery {
  readonly snapshot: string
  readonly rawPaths: readonly string[]
  readonly whole?: boolean | undefined
}

/** Even a patch that is asked for alone must fit into a page. */
const maxWholeBytes = 64 * 1024 * 1024
const maxTextBytes = 20 * 1024 * 1024
const maxImageBytes = 20 * 1024 * 1024

export const readReviewPatches = async (
  parts: ReviewParts,
  { worktreeId, snapshot: wanted, view, whitespace, rawPaths, whole }: PatchQuery,
): Promise<Result<ReviewPatch[], 'NOT_FOUND' | 'STALE' | 'CANNOT_READ'>> => {
  const { deps, desks, changes } = parts
  const worktree = await deps.database.read((tx) => deps.worktrees.find(tx, worktreeId))
  if (!worktree) return gone()
  const snapshot = desks.find(worktreeId, wanted)
  const place = await placeOf(parts, worktree)
  if (!snapshot || !place) return refuse('STALE', 'The files changed meanwhile. They are read again.')
  const pair = await pairOf(parts, { worktree, place }, snapshot, view)
  if (pair === null) return viewGone(view)
  const isWhole = whole === true && rawPaths.length === 1
  const ignoresWhitespace = whitespace === 'ignore'
  const options = { ignoresWhitespace, maxBytes: isWhole ? maxWholeBytes : maxPatchBytes }
  const asked = new Set(rawPaths)
  const read = async (): Promise<ReviewPatch[]> => {
    const compared = await changes.compare(place, worktree.path, pair, ignoresWhitespace)
    const some = compared.changes.filter(({ rawPath }) => asked.has(rawPath))
    const patches = await readPatches(place.reader, worktree.path, place.objects, some, options)
    return some.map(({ rawPath, oldOid, newOid }) => {
      const found = patches.get(rawPath)
      const text = found?.kind === 'patch' ? decodePath(found.raw) : ''
      const tooLarge = found?.kind === 'too-large' || (!isWhole && hasLongLine(text))
      return { rawPath, patch: tooLarge ? '' : text, oldOid, newOid, tooLarge }
    })
  }
  return read().then(ok, cannotRead)
}

export const readReviewText = async (
  parts: ReviewParts,
  id: WorktreeId,
  oid: string,
): Promise<Result<{ text: string }, 'NOT_FOUND' | 'TOO_LARGE'>> => {
  const bytes = await readVersion(parts, id, oid, maxTextBytes)
  return bytes.ok ? ok({ text: bytes.value.toString('utf8') }) : bytes
}

export const readReviewImage = async (
  parts: ReviewParts,
  id: WorktreeId,
  oid: string,
): Promise<Result<{ base64: string; mime: string }, 'NOT_FOUND' | 'TOO_LARGE' | 'NO_IMAGE'>> => {
  const bytes = await readVersion(parts, id, oid, maxImageBytes)
  if (!bytes.ok) return bytes
  const mime = imageTypeOf(bytes.value)
  if (mime === null) return refuse('NO_IMAGE', 'This is no picture that can be shown. Open the file in your editor.')
  return ok({ base64: bytes.value.toString('base64'), mime })
}

/** The bytes of a version that a listing of this worktree named; nothing else of the repository is given out. */
const readVersion = async (
  parts: ReviewParts,
  id: WorktreeId,
  oid: string,
  maxBytes: number,
): Promise<Result<Buffer, 'NOT_FOUND' | 'TOO_LARGE'>> => {
  const { deps, desks } = parts
  const worktree = await deps.database.read((tx) => deps.worktrees.find(tx, id))
  const place = worktree && (await placeOf(parts, worktree))
  if (!worktree || !place) return gone()
  const info = desks.hasOid(id, oid) && (await readObjectInfo(place.reader, worktree.path, [oid])).get(oid)
  if (!info || info.type !== 'blob')
    return refuse('NOT_FOUND', 'That version is not in what is shown any more. Read the changes again.')
  if (info.size > maxBytes) {
    const megabytes = Math.ceil(info.size / 1024 / 1024)
    return refuse('TOO_LARGE', `This file has ${megabytes} MB, which is too much to show. Open it in your editor.`)
  }
  const bytes = (await readBlobs(place.reader, worktree.path, [oid])).get(oid)
  return ok(bytes ?? Buffer.alloc(0))
}
