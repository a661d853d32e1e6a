import type { VerbInput, VerbName } from '../../../../shared/agent-verbs/verbs.ts'
import type { TaskPatch } from '../../../../shared/contract/tasks.ts'
import type { Task } from '../../../../shared/contract/task-rows.ts'
import { taskIdSchema } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { preferAtWork, type Work } from './own-attempt-rules.ts'
import { attemptLine, byUrgency, taskLine } from './verb-lines-rules.ts'
import { readYard, type Asking, type VerbDeps, type VerbRunners } from './verb-parts.ts'

type TaskVerbName = Extract<VerbName, `tasks.${string}`>

export const taskVerbRunners: VerbRunners<TaskVerbName, Asking> = {
  'tasks.ready': async (deps, { projectId }, { limit }) => {
    const ready = await deps.tasks.listReady(projectId)
    return ok({ tasks: ready.slice(0, limit).map((task) => taskLine(task, [], () => '')) })
  },
  'tasks.list': (deps, asking, input) => listTasks(deps, asking, input),
  'tasks.show': (deps, asking, input) => showTask(deps, asking, input.task),
  'tasks.create': (deps, asking, input) => createTask(deps, asking, input),
  'tasks.update': async (deps, asking, { task: named, rev, ...said }) => {
    const task = await resolveTask(deps, asking, named)
    if (!task.ok) return task
    const { role, paths, ...same } = said
    const patch: TaskPatch = { ...same, requiredRole: role, declaredPaths: paths }
    if (Object.values(patch).every((value) => value === undefined))
      return refuse('INVALID', 'Say what is to change: a title, a body, a priority, labels and so on.')
    const updated = await deps.tasks.update({ taskId: task.value.id, rev, patch }, asking.by)
    return updated.ok ? ok({ task: await lineOf(deps, updated.value.task), seq: updated.value.seq }) : updated
  },
  'tasks.depend': async (deps, asking, { task: named, on, kind, satisfiedOn, remove }) => {
    const task = await resolveTask(deps, asking, named)
    if (!task.ok) return task
    const other = await resolveTask(deps, asking, on)
    if (!other.ok) return other
    const edge = { taskId: task.value.id, dependsOnId: other.value.id, kind }
    const done = remove
      ? await deps.tasks.undepend(edge, asking.by)
      : await deps.tasks.depend({ ...edge, satisfiedOn }, asking.by)
    return done.ok ? ok({ seq: done.value.seq }) : done
  },
  'tasks.comment': async (deps, asking, { task: named, body }) => {
    const task = await resolveTask(deps, asking, named)
    if (!task.ok) return task
    const comment = { taskId: task.value.id, body, requestId: asking.requestId }
    return deps.tasks.comment(comment, asking.by)
  },
}

/** A task of the speaker's project by its key or id; the one it works on where none is named. */
export const resolveTask = async (
  deps: VerbDeps,
  { projectId, worker }: Pick<Asking, 'projectId' | 'worker'>,
  named: string | null,
): Promise<Result<Task, 'NOT_FOUND' | 'NO_TASK' | 'AMBIGUOUS'>> => {
  if (named === null) return resolveOwn(deps, { projectId, worker })
  const id = taskIdSchema.safeParse(named)
  const task = id.success
    ? await deps.database.read((tx) => deps.tasks.find(tx, id.data))
    : await deps.tasks.findByKey(projectId, named.toUpperCase())
  if (task?.projectId === projectId) return ok(task)
  return refuse('NOT_FOUND', `There is no task ${named} in this project. See what there is (tasks list).`)
}

const resolveOwn = (
  deps: VerbDeps,
  { projectId, worker }: Pick<Asking, 'projectId' | 'worker'>,
): Promise<Result<Task, 'NO_TASK' | 'AMBIGUOUS'>> =>
  deps.database.read(async (tx) => {
    const live: Work[] = []
    for (const attempt of await deps.tasks.listOfHolder(tx, projectId, worker)) {
      const task = await deps.tasks.find(tx, attempt.taskId)
      if (task) live.push({ task, attempt })
    }
    const own = preferAtWork(live).map(({ task }) => task)
    const [only, other] = own
    if (!only) return refuse('NO_TASK', 'You work on no task. Name one, or claim one first (claim).')
    if (!other) return ok(only)
    const keys = own.map(({ key }) => key).join(', ')
    return refuse('AMBIGUOUS', `You work on several tasks (${keys}). Name the one you mean.`)
  })

const lineOf = (deps: VerbDeps, task: Task) =>
  deps.database.read(async (tx) => {
    const { attempts } = await deps.tasks.listShown(tx)
    return taskLine(task, attempts, (await readYard(deps, tx, task.projectId)).titleOf)
  })

const endStates: readonly Task['state'][] = ['done', 'failed', 'cancelled']

const listTasks = (deps: VerbDeps, { projectId: own, worker }: Asking, input: VerbInput<'tasks.list'>) =>
  deps.database.read(async (tx) => {
    const { titleOf } = await readYard(deps, tx, own)
    const shown = await deps.tasks.listShown(tx)
    const mine = new Set((await deps.tasks.listOfHolder(tx, own, worker)).map(({ taskId }) => taskId))
    const found = shown.tasks
      .filter(({ projectId }) => projectId === own)
      .filter(({ state }) => (input.state.length === 0 ? !endStates.includes(state) : input.state.includes(state)))
      .filter(({ labels }) => input.label === null || labels.includes(input.label))
      .filter(({ id }) => !input.mine || mine.has(id))
      .toSorted(byUrgency)
    const tasks = found.slice(0, input.limit).map((task) => taskLine(task, shown.attempts, titleOf))
    return ok({ tasks, isCut: found.length > tasks.length })
  })

const showTask = async (deps: VerbDeps, asking: Asking, named: string | null) => {
  const task = await resolveTask(deps, asking, named)
  if (!task.ok) return task
  const detail = await deps.tasks.detail(task.value.id)
  if (!detail.ok) return detail
  return deps.database.read(async (tx) => {
    const { titleOf } = await readYard(deps, tx, asking.projectId)
    const dependencies = []
    for (const dependency of detail.value.dependencies) {
      const otherId = dependency.taskId === task.value.id ? dependency.dependsOnId : dependency.taskId
      const other = await deps.tasks.find(tx, otherId)
      dependencies.push({ ...dependency, key: other?.key ?? otherId })
    }
    const attempts = detail.value.attempts.map((attempt) => attemptLine(attempt, titleOf))
    return ok({ ...detail.value, attempts, dependencies })
  })
}

const createTask = async (deps: VerbDeps, asking: Asking, input: VerbInput<'tasks.create'>) => {
  const { draft, epic, dependsOn, role, paths, base, ...said } = input
  const others: Task[] = []
  for (const name of dependsOn) {
    const other = await resolveTask(deps, asking, name)
    if (!other.ok) return other
    others.push(other.value)
  }
  const parent = epic === null ? ok(null) : await resolveTask(deps, asking, epic)
  if (!parent.ok) return parent
  const { requestId, by, projectId } = asking
  const created = await deps.tasks.createWaiting(
    {
      ...said,
      requiredRole: role,
      declaredPaths: paths,
      baseRef: base,
      allowedAgents: [],
      projectId,
      state: draft ? 'draft' : 'open',
      parentId: parent.value?.id ?? null,
      requestId,
    },
    others.map(({ id }) => id),
    by,
  )
  if (!created.ok) return created
  const { task, seq } = created.value
  return ok({ task: await lineOf(deps, task), seq })
}
