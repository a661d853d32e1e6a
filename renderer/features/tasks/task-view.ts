import { z } from 'zod'
import { emptyFilter, filterSchema } from './task-filter.ts'
import { sortSchema, usualSort } from './task-sort.ts'

const viewSchema = z.object({
  mode: z.enum(['board', 'list']).catch('board'),
  filter: filterSchema.catch(emptyFilter),
  sort: sortSchema.catch(usualSort),
})
/** How a project's tasks are looked at. */
export type TaskView = z.infer<typeof viewSchema>

/** What was stored, as far as it can still be read. */
export const parseTaskView = (stored: unknown): TaskView => {
  const parsed = viewSchema.safeParse(stored)
  return parsed.success ? parsed.data : viewSchema.parse({})
}
