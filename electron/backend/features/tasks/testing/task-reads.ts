import { projectIdAt, sessionIdAt } from './rows.ts'
import { speakerAt, type TaskLab } from './task-lab.ts'

export type TaskRead =
  | 'listShown'
  | 'detail'
  | 'findByKey'
  | 'history'
  | 'listEnded'
  | 'listReady'
  | 'listOfSession'
  | 'listOfHolder'
  | 'findLastOfHolder'
  | 'listSubmittedIn'
  | 'find'

const { holder } = speakerAt(1)
const anyTask = { projectId: projectIdAt(1), taskId: null }
/** Every operation of the tasks that only looks. */
export const taskReads: Record<TaskRead, (lab: TaskLab) => Promise<unknown>> = {
  listShown: (lab) => lab.kernel.database.read(lab.tasks.listShown),
  detail: (lab) => lab.tasks.detail('tsk_none' as never),
  findByKey: (lab) => lab.tasks.findByKey(projectIdAt(1), 'APP-1'),
  history: (lab) => lab.tasks.history({ taskId: 'tsk_none' as never, before: null, limit: 9 }),
  listEnded: (lab) => lab.tasks.listEnded({ projectId: projectIdAt(1), before: null, limit: 9 }),
  listReady: (lab) => lab.tasks.listReady(projectIdAt(1)),
  listOfSession: (lab) => lab.kernel.database.read((tx) => lab.tasks.listOfSession(tx, sessionIdAt(1))),
  findLastOfHolder: (lab) => lab.kernel.database.read((tx) => lab.tasks.findLastOfHolder(tx, holder, anyTask)),
  listOfHolder: (lab) => lab.kernel.database.read((tx) => lab.tasks.listOfHolder(tx, projectIdAt(1), holder)),
  listSubmittedIn: (lab) => lab.kernel.database.read((tx) => lab.tasks.listSubmittedIn(tx, 'wt_none' as never)),
  find: (lab) => lab.kernel.database.read((tx) => lab.tasks.find(tx, 'tsk_none' as never)),
}
