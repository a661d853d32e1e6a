import type { Project } from '../../../../shared/contract/projects.ts'
import type { ProjectId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'

interface ProjectRow {
  readonly id: ProjectId
  readonly name: string
  readonly root_path: string
  readonly common_dir: string
  readonly default_branch: string | null
  readonly remote: string | null
  readonly state: string
  readonly notes: string
  readonly created_at: number
  readonly opened_at: number
}

const columns = 'id, name, root_path, common_dir, default_branch, remote, state, notes, created_at, opened_at'

export const listProjects = async (tx: Tx): Promise<Project[]> =>
  (await tx.all<ProjectRow>(`SELECT ${columns} FROM projects ORDER BY opened_at DESC, id`)).map(projectFrom)

export const findProject = async (tx: Tx, id: ProjectId): Promise<Project | undefined> => {
  const row = await tx.get<ProjectRow>(`SELECT ${columns} FROM projects WHERE id = ?`, id)
  return row && projectFrom(row)
}

export const findProjectByCommonDir = async (tx: Tx, commonDir: string): Promise<Project | undefined> => {
  const row = await tx.get<ProjectRow>(`SELECT ${columns} FROM projects WHERE common_dir = ?`, commonDir)
  return row && projectFrom(row)
}

export const putProject = async (tx: Tx, project: Project): Promise<void> => {
  await tx.run(
    `INSERT INTO projects (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, root_path = excluded.root_path,
       common_dir = excluded.common_dir, default_branch = excluded.default_branch, remote = excluded.remote,
       state = excluded.state, notes = excluded.notes, opened_at = excluded.opened_at`,
    project.id,
    project.name,
    project.rootPath,
    project.commonDir,
    project.defaultBranch,
    project.remote,
    JSON.stringify(project.state),
    JSON.stringify(project.notes),
    project.createdAt,
    project.openedAt,
  )
}

export const removeProject = async (tx: Tx, id: ProjectId): Promise<void> => {
  await tx.run('DELETE FROM projects WHERE id = ?', id)
}

/** When each ref was last fetched by us. */
export const readFetches = async (tx: Tx, id: ProjectId): Promise<Readonly<Record<string, number>>> => {
  const row = await tx.get<{ fetches: string }>('SELECT fetches FROM projects WHERE id = ?', id)
  return JSON.parse(row?.fetches ?? '{}') as Record<string, number>
}

export const putFetch = async (tx: Tx, id: ProjectId, ref: string, at: number): Promise<void> => {
  const fetches = { ...(await readFetches(tx, id)), [ref]: at }
  await tx.run('UPDATE projects SET fetches = ? WHERE id = ?', JSON.stringify(fetches), id)
}

const projectFrom = (row: ProjectRow): Project => ({
  id: row.id,
  name: row.name,
  rootPath: row.root_path,
  commonDir: row.common_dir,
  defaultBranch: row.default_branch,
  remote: row.remote,
  state: JSON.parse(row.state) as Project['state'],
  notes: JSON.parse(row.notes) as string[],
  createdAt: row.created_at,
  openedAt: row.opened_at,
})
