import { z } from 'zod'
import {
  activityGroupSchema,
  actorKindSchema,
  whyQuerySchema,
  type ActivityGroup,
  type ActorKind,
} from '../../../shared/contract/activity.ts'
import { projectIdSchema } from '../../../shared/lib/ids.ts'
import type { LogQuestion } from './activity-log.ts'

/** What is shown: nothing chosen in a part means everything. */
export const activityFilterSchema = z.object({
  projectId: projectIdSchema.nullable().catch(null),
  groups: z.array(activityGroupSchema).catch([]),
  actors: z.array(actorKindSchema).catch([]),
  text: z.string().max(200).catch(''),
  /** One session or task alone, with the reason why it is where it is. */
  about: whyQuerySchema.nullable().catch(null),
})
export type ActivityFilter = z.infer<typeof activityFilterSchema>

export const emptyFilter: ActivityFilter = { projectId: null, groups: [], actors: [], text: '', about: null }

export const parseFilter = (stored: unknown): ActivityFilter => {
  const parsed = activityFilterSchema.safeParse(stored)
  return parsed.success ? parsed.data : emptyFilter
}

/** The project is a place, and no filter. */
export const isFiltering = ({ groups, actors, text, about }: ActivityFilter): boolean =>
  groups.length > 0 || actors.length > 0 || text.trim() !== '' || about !== null

export const questionOf = ({ about, ...filter }: ActivityFilter): LogQuestion => ({
  ...filter,
  // What is asked about may lie in any project.
  projectId: about === null ? filter.projectId : null,
  sessionId: about?.kind === 'session' ? about.id : null,
  taskId: about?.kind === 'task' ? about.id : null,
})

const groupWords: Readonly<Record<ActivityGroup, string>> = {
  tasks: 'Tasks',
  sessions: 'Sessions',
  questions: 'Questions',
  leases: 'Leases',
  mail: 'Mail',
  checks: 'Checks',
  worktrees: 'Worktrees',
  guard: 'Guard',
  refusals: 'Refusals',
}
export const groupWord = (group: ActivityGroup): string => groupWords[group]

const actorWords: Readonly<Record<ActorKind, string>> = { person: 'You', session: 'Agents', system: 'Switchyard' }
export const actorWord = (actor: ActorKind): string => actorWords[actor]
