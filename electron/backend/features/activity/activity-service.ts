import type { ActivityPage, ActivityQuery, Why, WhyQuery } from '../../../../shared/contract/activity.ts'
import { eventLine } from '../../../../shared/event-lines/event-line.ts'
import type { LoggedEvent } from '../../../../shared/event-lines/logged-event.ts'
import type { Result } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import type { ActivityDeps } from './activity-parts.ts'
import { readEventNames } from './event-names.ts'
import { readPage } from './read-page.ts'
import { readWhyOfSession, readWhyOfTask } from './read-why.ts'

export interface ActivityService {
  page(query: ActivityQuery): Promise<ActivityPage>
  why(query: WhyQuery): Promise<Result<Why, 'NOT_FOUND'>>
  /** Each event as a sentence, by its number; those that are no news have none. Not inert: by whoever shows it. */
  textOf(tx: Tx, events: readonly LoggedEvent[]): Promise<ReadonlyMap<number, string>>
}

export const createActivityService = (deps: ActivityDeps): ActivityService => ({
  page: (query) => deps.database.read((tx) => readPage(tx, deps, query)),
  why: (query) => (query.kind === 'session' ? readWhyOfSession(deps, query.id) : readWhyOfTask(deps, query.id)),
  textOf: async (tx, events) => {
    const names = await readEventNames(tx, deps, events)
    const texts = new Map<number, string>()
    for (const event of events) {
      const line = eventLine([event], names)
      if (line) texts.set(event.seq, `${line.who} ${line.what}`)
    }
    return texts
  },
})
