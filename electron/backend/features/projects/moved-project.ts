import { stat } from 'node:fs/promises'
import type { Project } from '../../../../shared/contract/projects.ts'
import type { ProjectId } from '../../../../shared/lib/ids.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { repairWorktrees } from '../../adapters/git/worktree-change.ts'
import { listRegisteredPaths } from '../../adapters/git/worktree-registration.ts'
import type { Database } from '../../db/database.ts'
import type { Tx } from '../../db/tx.ts'
import type { ProjectFacts } from './project-facts.ts'
import { findProjectByCommonDir, listProjects } from './projects-store.ts'

export interface MovedProjectDeps {
  readonly git: Git
  readonly database: Database
  /** Folders of a project's worktrees; from the feature to the right. */
  readonly listWorktreePaths: (tx: Tx, projectId: ProjectId) => Promise<readonly string[]>
}

/**
 * The known project that a newly opened repository is at a new place: its old place is empty, and the repository has
 * worktrees registered that are its. They are linked to the new place before this answers.
 */
export async function findMovedProject(deps: MovedProjectDeps, facts: ProjectFacts): Promise<Project | null> {
  const candidates = await deps.database.read(async (tx) => {
    if (await findProjectByCommonDir(tx, facts.commonDir)) return []
    const known = await listProjects(tx)
    return Promise.all(known.map(async (project) => ({ project, paths: await deps.listWorktreePaths(tx, project.id) })))
  })
  if (candidates.length === 0) return null
  const registered = new Set(await listRegisteredPaths(facts.commonDir))
  for (const { project, paths } of candidates) {
    if (!paths.some((path) => registered.has(path)) || (await exists(project.commonDir))) continue
    await repairWorktrees(deps.git, facts.rootPath, [])
    return project
  }
  return null
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
