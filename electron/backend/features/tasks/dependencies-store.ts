import type { Wait } from '../../../../shared/contract/task-waits.ts'
import type { Dependency, Task } from '../../../../shared/contract/task-rows.ts'
import type { ProjectId, TaskId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'

interface Row {
  readonly task_id: TaskId
  readonly depends_on_id: TaskId
  readonly kind: Dependency['kind']
  readonly satisfied_on: Dependency['satisfiedOn']
  readonly created_at: number
}

export type EdgeKey = Pick<Dependency, 'taskId' | 'dependsOnId' | 'kind'>

const columns = 'd.task_id, d.depends_on_id, d.kind, d.satisfied_on, d.created_at'

export const insertDependency = async (tx: Tx, dependency: Dependency): Promise<void> => {
  await tx.run(
    'INSERT INTO task_deps (task_id, depends_on_id, kind, satisfied_on, created_at) VALUES (?, ?, ?, ?, ?)',
    dependency.taskId,
    dependency.dependsOnId,
    dependency.kind,
    dependency.satisfiedOn,
    dependency.createdAt,
  )
}

export const removeDependency = async (tx: Tx, key: EdgeKey): Promise<boolean> => {
  const sql = 'DELETE FROM task_deps WHERE task_id = ? AND depends_on_id = ? AND kind = ?'
  return (await tx.run(sql, key.taskId, key.dependsOnId, key.kind)).changes === 1
}

export const findDependency = async (tx: Tx, key: EdgeKey): Promise<Dependency | undefined> => {
  const sql = `SELECT ${columns} FROM task_deps d WHERE d.task_id = ? AND d.depends_on_id = ? AND d.kind = ?`
  const row = await tx.get<Row>(sql, key.taskId, key.dependsOnId, key.kind)
  return row && dependencyFrom(row)
}

/** The epic of a task, as the edge that leads to it. */
export const findParent = async (tx: Tx, taskId: TaskId): Promise<Dependency | undefined> => {
  const sql = `SELECT ${columns} FROM task_deps d WHERE d.task_id = ? AND d.kind = 'parent'`
  const row = await tx.get<Row>(sql, taskId)
  return row && dependencyFrom(row)
}

/** Every edge of a task, in both directions. */
export const listDependenciesOf = async (tx: Tx, taskId: TaskId): Promise<Dependency[]> => {
  const sql = `SELECT ${columns} FROM task_deps d WHERE d.task_id = ? OR d.depends_on_id = ? ORDER BY d.created_at, d.rowid`
  return (await tx.all<Row>(sql, taskId, taskId)).map(dependencyFrom)
}

/** Every edge between tasks of a project. */
export const listProjectDependencies = async (tx: Tx, projectId: ProjectId): Promise<Dependency[]> => {
  const sql = `SELECT ${columns} FROM task_deps d JOIN tasks t ON t.id = d.task_id WHERE t.project_id = ? ORDER BY d.rowid`
  return (await tx.all<Row>(sql, projectId)).map(dependencyFrom)
}

/** Every edge of which at least one end has not ended. */
export const listShownDependencies = async (tx: Tx): Promise<Dependency[]> => {
  // From the tasks to their edges, by each end: most edges are of tasks that ended long ago.
  const sql = `SELECT ${columns} FROM task_deps d WHERE d.rowid IN (
      SELECT e.rowid FROM tasks t CROSS JOIN task_deps e ON e.task_id = t.id WHERE t.ended_at IS NULL
      UNION SELECT e.rowid FROM tasks t CROSS JOIN task_deps e ON e.depends_on_id = t.id WHERE t.ended_at IS NULL)
    ORDER BY d.rowid`
  return (await tx.all<Row>(sql)).map(dependencyFrom)
}

interface WaitRow extends Row {
  readonly own_id: TaskId
  readonly key: string
  readonly state: Task['state']
}

const waitColumns = `${columns}, other.key, other.state`

/** What tasks depend on and what depends on them, with the states of those at the other end. */
export const listWaitsOf = async (tx: Tx, ids: readonly TaskId[]): Promise<ReadonlyMap<TaskId, Wait[]>> => {
  const list = JSON.stringify(ids)
  const rows = await tx.all<WaitRow>(
    `SELECT ${waitColumns}, d.task_id AS own_id FROM json_each(?) own JOIN task_deps d ON d.task_id = own.value
       JOIN tasks other ON other.id = d.depends_on_id
     UNION ALL
     SELECT ${waitColumns}, d.depends_on_id AS own_id FROM json_each(?) own JOIN task_deps d ON d.depends_on_id = own.value
       JOIN tasks other ON other.id = d.task_id`,
    list,
    list,
  )
  const waitsById = new Map<TaskId, Wait[]>()
  for (const row of rows) {
    const waits = waitsById.get(row.own_id)
    if (waits) waits.push(waitFrom(row))
    else waitsById.set(row.own_id, [waitFrom(row)])
  }
  return waitsById
}

export const listWaits = async (tx: Tx, taskId: TaskId): Promise<readonly Wait[]> =>
  (await listWaitsOf(tx, [taskId])).get(taskId) ?? []

export const removeDependenciesOf = async (tx: Tx, projectId: ProjectId): Promise<void> => {
  await tx.run('DELETE FROM task_deps WHERE task_id IN (SELECT id FROM tasks WHERE project_id = ?)', projectId)
}

const dependencyFrom = (row: Row): Dependency => ({
  taskId: row.task_id,
  dependsOnId: row.depends_on_id,
  kind: row.kind,
  satisfiedOn: row.satisfied_on,
  createdAt: row.created_at,
})

const waitFrom = (row: WaitRow): Wait => ({
  direction: row.own_id === row.task_id ? 'on' : 'by',
  kind: row.kind,
  satisfiedOn: row.satisfied_on,
  other: { key: row.key, state: row.state },
})
