import { storeBytes } from '../../adapters/git/git-objects.ts'
import type { EntryChange } from '../../adapters/git/index-patch.ts'
import { moveObjects } from '../../adapters/git/move-objects.ts'
import { saveRescuePart } from '../../adapters/git/rescue-part.ts'
import type { ReviewLook } from '../review/review-service.ts'
import type { PlannedPath } from './plan-staging.ts'
import { applySelection, revertSelection } from './selection-rules.ts'
import type { Place, StagingDeps } from './staging-deps.ts'
import { isSame, isSubmodule } from './staging-rules.ts'

export interface Prepared<Effect> {
  readonly changes: readonly Effect[]
  readonly rescueRef: string | null
}

/** Puts what the index is to hold into the repository, and keeps what no commit has of what it held. */
export const prepareIndex = async (
  { git }: Pick<StagingDeps, 'git'>,
  place: Place,
  input: {
    readonly look: ReviewLook
    readonly id: string
    readonly paths: readonly PlannedPath[]
    readonly isForward: boolean
  },
): Promise<Prepared<EntryChange>> => {
  const { look, paths, isForward } = input
  const { cwd } = place
  const known = paths.flatMap(({ after }) =>
    after.kind === 'version' && after.version && !isSubmodule(after.version) ? [after.version.oid] : [],
  )
  await moveObjects(look.reader, git, { cwd, oids: known })
  const changes: EntryChange[] = []
  for (const { rawPath, before, after } of paths) {
    if (after.kind === 'version') changes.push({ rawPath, before, after: after.version })
    else {
      const text = isForward ? applySelection(after.selection) : revertSelection(after.selection)
      const oid = await storeBytes(git, cwd, Buffer.from(text, 'latin1'))
      changes.push({ rawPath, before, after: { mode: after.mode, oid } })
    }
  }
  const lost = paths.flatMap(({ rawPath, before, head }) =>
    before !== null && !isSubmodule(before) && !isSame(before, head) ? [{ ...before, rawPath }] : [],
  )
  const rescueRef =
    lost.length === 0 ? null : await saveRescuePart(git, { ...place, id: input.id, files: [], index: lost })
  return { changes, rescueRef }
}
