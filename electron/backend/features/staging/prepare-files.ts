import { join } from 'node:path'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { checkOutFiles } from '../../adapters/git/check-out-files.ts'
import { storeBytes, storeFiles, type TreeEntry } from '../../adapters/git/git-objects.ts'
import { saveRescuePart } from '../../adapters/git/rescue-part.ts'
import { decodePath } from '../../adapters/git/status.ts'
import { listTreeChanges } from '../../adapters/git/tree-changes.ts'
import { describeBytes, readFileVersion, type FileOnDisk, type FileRead } from '../../adapters/git/worktree-files.ts'
import type { ReviewLook } from '../review/review-service.ts'
import { stale, type PlannedPath, type Target } from './plan-staging.ts'
import type { Prepared } from './prepare-index.ts'
import { replaceRange, revertSelection, withEndingsOf } from './selection-rules.ts'
import type { Place, StagingDeps } from './staging-deps.ts'
import { unwritten } from './staging-deps.ts'
import { conversionOf } from './staging-rules.ts'
import type { FileChange } from './staging-store.ts'

/** Lines of a file as it is now, to be replaced by others. */
export interface LinesToReplace {
  readonly kind: 'replace'
  readonly from: number
  readonly to: number
  readonly text: string
  /** What git would store of the file. */
  readonly stored: string
}

export interface PlannedFile extends Omit<PlannedPath, 'after' | 'head'> {
  readonly after: Target | LinesToReplace
}

export interface PreparedFiles extends Prepared<FileChange> {
  readonly bytesOf: (rawPath: string) => Promise<Uint8Array>
}

type Refused = 'STALE' | 'ONLY_WHOLE' | 'CANNOT_WRITE' | 'INVALID'

/** Makes what files are to become, outside of the worktree, and keeps what they are. */
export const prepareFiles = async (
  deps: StagingDeps,
  place: Place,
  input: { readonly look: ReviewLook; readonly id: string; readonly paths: readonly PlannedFile[] },
): Promise<Result<PreparedFiles, Refused>> => {
  const { look, id, paths } = input
  const { cwd, oidBytes } = place
  const found = new Map<string, FileOnDisk>()
  for (const { rawPath, before, after } of paths) {
    const read = await readFileVersion(cwd, rawPath, oidBytes)
    if (read.kind === 'no-file' || (read.kind === 'folder' && !isMakingRoom(paths, rawPath))) return inTheWayOf(rawPath)
    if (!isOfKind(read, before)) return stale(rawPath)
    if (read.kind === 'there') found.set(rawPath, after.kind === 'version' ? withoutBytes(read.file) : read.file)
  }
  // What was read is what was planned with: it has not changed since, as far as another look can tell.
  const moved = await findMoved(deps, look, paths)
  if (moved !== null) return stale(moved)

  const entries = paths.flatMap(({ rawPath, after }) =>
    after.kind === 'version' && after.version ? [{ ...after.version, rawPath }] : [],
  )
  const folder = join(deps.folder, id)
  const made = entries.length === 0 ? folder : await checkOutFiles(deps.git, cwd, folder, entries)
  const texts = new Map<string, Uint8Array>()
  const changes: FileChange[] = []
  for (const path of paths) {
    const { rawPath, after } = path
    const file = found.get(rawPath)
    const before = file?.version ?? null
    if (after.kind === 'version') {
      const read = after.version && (await readFileVersion(made, rawPath, oidBytes))
      if (read && read.kind !== 'there') return unwritten(`${decodePath(rawPath)} could not be made`)
      changes.push({ rawPath, before, after: read && read.file.version })
      continue
    }
    const text = textOf(path, file?.bytes.toString('latin1') ?? '')
    if (!text.ok) return text
    const bytes = Buffer.from(text.value, 'latin1')
    texts.set(rawPath, bytes)
    const mode = after.kind === 'lines' ? after.mode : (before?.mode ?? '100644')
    changes.push({ rawPath, before, after: describeBytes(mode, bytes, oidBytes) })
  }
  const kept = await keepFiles(deps, place, id, found)
  if (!kept.ok) return kept
  const bytesOf = async (rawPath: string): Promise<Uint8Array> => {
    const text = texts.get(rawPath)
    if (text) return text
    const read = await readFileVersion(made, rawPath, oidBytes)
    if (read.kind !== 'there') throw new Error(`${rawPath} was made and is gone`)
    return read.file.bytes
  }
  return ok({ changes: changes.map(withPermissions), rescueRef: kept.value, bytesOf })
}

const inTheWayOf = (rawPath: string): Result<never, 'CANNOT_WRITE'> =>
  unwritten(
    `${decodePath(rawPath)} cannot be written: it, or a folder it is in, is a link, a folder or a file that may not be read`,
  )

/** Of many large files not all are kept in memory; where a link points is little. */
const withoutBytes = (file: FileOnDisk): FileOnDisk =>
  file.version.mode === '120000' ? file : { ...file, bytes: Buffer.alloc(0) }

/** A folder is gone by the time its place is taken, when its files go. */
const isMakingRoom = (paths: readonly PlannedFile[], folder: string): boolean =>
  paths.some(({ rawPath, before }) => before !== null && rawPath.startsWith(`${folder}/`))

const isOfKind = (read: FileRead, before: PlannedFile['before']): boolean => {
  if (before === null || read.kind !== 'there') return before === null && read.kind !== 'there'
  return read.file.version.mode.slice(0, 3) === before.mode.slice(0, 3)
}

const findMoved = async (
  { review }: StagingDeps,
  { worktree, trees, reader }: ReviewLook,
  paths: readonly PlannedFile[],
): Promise<string | null> => {
  const again = await review.look(worktree.id)
  if (!again.ok) return paths[0]?.rawPath ?? ''
  const pair = { from: trees.work, to: again.value.trees.work }
  const moved = new Set((await listTreeChanges(reader, worktree.path, pair)).map(({ rawPath }) => rawPath))
  return paths.find(({ rawPath }) => moved.has(rawPath))?.rawPath ?? null
}

/** The bytes on the disk with the wish carried out; line ends stay as they are there. */
const textOf = ({ rawPath, after }: PlannedFile, raw: string): Result<string, 'ONLY_WHOLE' | 'INVALID' | 'STALE'> => {
  if (after.kind === 'version') throw new Error('A whole file has no text to be made')
  const conversion = conversionOf(raw, after.kind === 'lines' ? after.selection.after : after.stored)
  if (conversion === 'filter')
    return refuse(
      'ONLY_WHOLE',
      `A filter of git's stands between ${decodePath(rawPath)} and what is shown of it, so it goes as a whole only.`,
    )
  if (after.kind === 'replace') {
    const replaced = replaceRange(raw, [after.from, after.to], after.text)
    return replaced === null ? stale(rawPath) : ok(replaced)
  }
  const { selection } = after
  const before = conversion === 'none' ? selection.before : withEndingsOf(selection.before, raw)
  return ok(revertSelection({ ...selection, before, after: raw }))
}

const keepFiles = async (
  { git }: StagingDeps,
  place: Place,
  id: string,
  found: ReadonlyMap<string, FileOnDisk>,
): Promise<Result<string | null, 'STALE'>> => {
  if (found.size === 0) return ok(null)
  const all = [...found].map(([rawPath, { version, bytes }]) => ({ rawPath, version, bytes }))
  const files = all.filter(({ version }) => version.mode !== '120000')
  const oids = await storeFiles(
    git,
    place.cwd,
    files.map(({ rawPath }) => rawPath),
  )
  const changed = files.find(({ version }, at) => version.oid !== oids[at])
  if (changed) return stale(changed.rawPath)
  for (const { version, bytes } of all) if (version.mode === '120000') await storeBytes(git, place.cwd, bytes)
  const entries: TreeEntry[] = all.map(({ rawPath, version }) => ({ rawPath, mode: version.mode, oid: version.oid }))
  return ok(await saveRescuePart(git, { ...place, id, files: entries, index: [] }))
}

/** A file keeps who may read and write it; one that becomes a program, or ceases to be one, gets what a new one would. */
const withPermissions = (change: FileChange): FileChange => {
  const { before, after } = change
  if (after === null) return change
  const permissions = before?.mode === after.mode ? before.permissions : null
  return { ...change, after: { ...after, permissions } }
}
