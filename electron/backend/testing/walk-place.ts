import { join } from 'node:path'
import type { api } from '../../../shared/contract/api.ts'
import type { ProjectId, SessionId, WorktreeId } from '../../../shared/lib/ids.ts'
import type { Ground } from '../adapters/git/hostile-stage/testing.ts'
import type { RouterLab } from '../router-tests/testing.ts'

export type Step = readonly [name: `${keyof typeof api}.${string}`, act: () => Promise<unknown>]

/** What a walk goes over: a worktree full of work that conflicts with `main`, and a clean one that does not. */
export interface Place {
  readonly lab: RouterLab
  readonly ground: Ground
  readonly projectId: ProjectId
  readonly busy: WorktreeId
  readonly clean: WorktreeId
  readonly shaOf: (branch: string) => Promise<string>
}

/** Branches for all verbs, each with work on which filters, drivers and drawn diffs would be asked. Before anything is planted. */
export async function addBranches({ lab, origin, repo, base }: Ground): Promise<void> {
  await lab.write(join(origin, 'one.dat'), 'upstream side\ntwo\nthree\n')
  await lab.commitAll(origin, 'upstream side')
  await lab.plain(repo, 'fetch', '--quiet')
  for (const branch of ['calm', 'landing', 'queued']) {
    const folder = join(base, branch)
    await lab.plain(repo, 'worktree', 'add', '--quiet', '-b', branch, folder, 'main~1')
    // Beside what `main` changed, so that both sides of one file must be put together.
    if (branch !== 'queued') await lab.write(join(folder, 'one.dat'), `one\ntwo\n${branch}\n`)
    await lab.write(join(folder, `${branch}.dat`), 'new\n')
    await lab.commitAll(folder, branch)
    if (branch !== 'calm') await lab.plain(repo, 'worktree', 'remove', '--force', folder)
  }
}

export async function openPlace(lab: RouterLab, ground: Ground): Promise<Place> {
  const project = await lab.full.projects.open({ path: ground.repo, initialise: false })
  const enter = async (path: string): Promise<WorktreeId> => {
    const { id } = await startShell(lab, project.id, path)
    const { worktreeId } = await lab.when(id, ({ runtime }) => runtime.kind === 'alive')
    if (worktreeId === null) throw new Error(`${path} is no worktree of the session.`)
    return worktreeId
  }
  return {
    lab,
    ground,
    projectId: project.id,
    busy: await enter(ground.tree),
    clean: await enter(join(ground.base, 'calm')),
    shaOf: (branch) => ground.lab.plain(ground.repo, 'rev-parse', branch),
  }
}

const startShell = (lab: RouterLab, projectId: ProjectId, path: string): Promise<{ readonly id: SessionId }> =>
  lab.full.sessions.create({
    projectId,
    title: `In ${path.slice(-8)}`,
    prompt: null,
    agentId: 'shell',
    model: null,
    permissionMode: null,
    worktree: { kind: 'existing-worktree', path },
    requestId: `walk-${path.slice(-50)}`,
  })
