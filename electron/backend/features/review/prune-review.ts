import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProjectId } from '../../../../shared/lib/ids.ts'
import { withScratch } from '../../adapters/git/predict-conflicts.ts'
import { pruneScratch } from '../../adapters/git/prune-scratch.ts'
import type { ReviewParts } from './review-parts.ts'
import { listKeptObjects } from './review-store.ts'

/** A patch that is being read refers to objects that nobody keeps; none takes as long. */
const youngMs = 10 * 60_000

/** Drops what no turn, look or mark of a project refers to, and nobody is shown. */
const pruneProject = async (parts: ReviewParts, projectId: ProjectId): Promise<void> => {
  const { deps, desks, begun, taken } = parts
  taken.delete(projectId)
  const folder = join(deps.folder, projectId)
  const project = await deps.database.read((tx) => deps.projects.find(tx, projectId))
  if (!project) {
    await rm(folder, { recursive: true, force: true })
    return
  }
  const keep = await deps.database.read(async (tx) => [
    ...(await listKeptObjects(tx, projectId)),
    ...(await deps.listKept(tx, projectId)),
  ])
  await parts.inTurn(projectId, async () => {
    const objects = join(folder, 'objects')
    const git = withScratch(deps.git, { folder: objects, commonDir: project.commonDir })
    const shown = desks.all().flatMap(({ trees }) => Object.values(trees))
    const all = [...keep, ...shown, ...begun.values()]
    await pruneScratch(git, { cwd: project.rootPath, objects, keep: all, before: deps.clock.now() - youngMs })
    // The indexes name objects that may be gone by now; they are made again when they are asked for.
    for (const name of await readdir(folder)) if (name !== 'objects') await rm(join(folder, name), { recursive: true })
  })
}

/** Each leaves the files that changed since the one before it. A gigabyte weighs as much. */
const manySnapshots = 500

/** Makes every project that was ever reviewed due; for the start. */
export const notePruneDue = async ({ deps, taken }: ReviewParts): Promise<void> => {
  for (const name of await readdir(deps.folder).catch(() => [])) taken.set(name as ProjectId, manySnapshots)
}

/** Prunes the projects that are due, or were looked at often since the last time. */
export const pruneDue = async (parts: ReviewParts, signal: AbortSignal): Promise<void> => {
  for (const [projectId, count] of parts.taken)
    if (count >= manySnapshots && !signal.aborted) await pruneQuietly(parts, projectId)
}

/** A repository that cannot be read keeps what it has until it can. */
const pruneQuietly = (parts: ReviewParts, projectId: ProjectId): Promise<void> =>
  pruneProject(parts, projectId).catch((error: unknown) =>
    parts.deps.log.warn({ err: error, project: projectId }, 'old snapshots were not dropped'),
  )
