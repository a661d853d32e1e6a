import type { NewTask } from '../../../shared/contract/tasks.ts'
import { usualPriority } from './task-words.ts'

/** A task of which nothing is known but its title. */
export const newTask = (known: Pick<NewTask, 'projectId' | 'title' | 'state' | 'requestId'>): NewTask => ({
  body: '',
  kind: 'task',
  priority: usualPriority,
  labels: [],
  requiredRole: null,
  allowedAgents: [],
  declaredPaths: [],
  baseRef: null,
  maxAttempts: 2,
  doneWhen: 'completed',
  parentId: null,
  ...known,
})
