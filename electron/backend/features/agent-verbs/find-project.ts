import { sep } from 'node:path'
import type { ProjectId } from '../../../../shared/lib/ids.ts'
import type { VerbDeps } from './verb-parts.ts'

/** The project that a folder belongs to: the one whose checkout or worktree is nearest above it. */
export const findProject = (
  { database, projects, worktrees }: Pick<VerbDeps, 'database' | 'projects' | 'worktrees'>,
  folder: string,
): Promise<ProjectId | null> =>
  database.read(async (tx) => {
    const places = [
      ...(await projects.list(tx)).map(({ id, rootPath }) => ({ id, path: rootPath })),
      ...(await worktrees.list(tx)).map(({ projectId, path }) => ({ id: projectId, path })),
    ].filter(({ path }) => folder === path || folder.startsWith(path.endsWith(sep) ? path : `${path}${sep}`))
    return places.toSorted((a, b) => b.path.length - a.path.length)[0]?.id ?? null
  })
