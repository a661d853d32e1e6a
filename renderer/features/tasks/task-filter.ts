import { z } from 'zod'
import { taskStateSchema, type Task } from '../../../shared/contract/task-rows.ts'

/** What is shown: nothing chosen in a part means everything. */
export const filterSchema = z.object({
  text: z.string().max(200).catch(''),
  states: z.array(taskStateSchema).catch([]),
  labels: z.array(z.string()).catch([]),
  priorities: z.array(z.number().int().min(0).max(4)).catch([]),
})
export type TaskFilter = Readonly<z.infer<typeof filterSchema>>

export const emptyFilter: TaskFilter = { text: '', states: [], labels: [], priorities: [] }

export const isFiltering = ({ text, states, labels, priorities }: TaskFilter): boolean =>
  text.trim() !== '' || states.length > 0 || labels.length > 0 || priorities.length > 0

/** A task of any of the chosen states, priorities and labels that holds every word of the text. */
export const matchesFilter = (task: Task, filter: TaskFilter): boolean =>
  (filter.states.length === 0 || filter.states.includes(task.state)) &&
  (filter.priorities.length === 0 || filter.priorities.includes(task.priority)) &&
  (filter.labels.length === 0 || filter.labels.some((label) => task.labels.includes(label))) &&
  holdsWords(task, filter.text)

const holdsWords = (task: Task, text: string): boolean => {
  const words = text.trim().toLowerCase()
  if (words === '') return true
  const searched = `${task.key} ${task.title} ${task.labels.join(' ')}`.toLowerCase()
  return words.split(/\s+/).every((word) => searched.includes(word))
}

/** Every label of a project's tasks, by the alphabet. */
export const labelsOf = (tasks: Iterable<Task>, projectId: Task['projectId']): string[] => {
  const labels = new Set<string>()
  for (const task of tasks) if (task.projectId === projectId) for (const label of task.labels) labels.add(label)
  return [...labels].sort((a, b) => a.localeCompare(b))
}
