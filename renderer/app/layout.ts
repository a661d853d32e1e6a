import { z } from 'zod'
import { projectIdSchema, sessionIdSchema, type ProjectId } from '../../shared/lib/ids.ts'
import { projectOf, type NavigationState, type View } from './navigation.ts'

/** What the window needs to draw its tabs again; kept in the setting of this key. */
export const layoutKey = 'layout:window'

const viewSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('terminals'), projectId: projectIdSchema }),
  z.object({ kind: z.literal('tasks'), projectId: projectIdSchema }),
  z.object({ kind: z.literal('review'), projectId: projectIdSchema, sessionId: sessionIdSchema }),
  z.object({ kind: z.literal('needs-you') }),
  z.object({ kind: z.literal('mail') }),
  z.object({ kind: z.literal('leases') }),
  z.object({ kind: z.literal('queue') }),
  z.object({ kind: z.literal('activity') }),
  z.object({ kind: z.literal('get-started') }),
])
const layoutSchema = z.object({ view: viewSchema, tabs: z.array(viewSchema).min(1).max(50) })
export type Layout = z.infer<typeof layoutSchema>

export const layoutOf = ({ view, tabs }: NavigationState): Layout => ({ view, tabs: [...tabs] })

/** The stored layout, without what is gone since; null when there is nothing worth restoring. */
export const restoredLayout = (stored: unknown, projectIds: readonly ProjectId[]): Layout | null => {
  const parsed = layoutSchema.safeParse(stored)
  if (!parsed.success) return null
  const isKnown = (view: View) => {
    const projectId = projectOf(view)
    return projectId === null ? view.kind !== 'get-started' : projectIds.includes(projectId)
  }
  const tabs = parsed.data.tabs.filter(isKnown)
  const view = isKnown(parsed.data.view) ? parsed.data.view : tabs[0]
  return view === undefined || tabs.length === 0 ? null : { view, tabs }
}
