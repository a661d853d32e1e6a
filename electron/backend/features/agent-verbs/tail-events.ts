import type { VerbInput } from '../../../../shared/agent-verbs/verbs.ts'
import type { Change } from '../../../../shared/contract/changes.ts'
import { ok } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import { changesAfter, lastSeq, listEvents } from '../../kernel/events-store.ts'
import { eventScope, projectOf, toldEvent } from './event-lines-rules.ts'
import type { Asking, VerbDeps } from './verb-parts.ts'

/** So many events are looked through for those of one project; who asks again goes on from there. */
const mostRead = 2000

/** What happened in the speaker's project, as far as it is anybody's business: no mail of others, no terminals. */
export const tailEvents = (deps: VerbDeps, { projectId }: Asking, { after, limit }: VerbInput<'events.tail'>) =>
  deps.database.read(async (tx) => {
    const newest = await lastSeq(tx)
    const from = after ?? Math.max(0, newest - mostRead)
    // Of what was archived nothing is told: it is older than any session that asks.
    const changes = (await changesAfter(tx, from, mostRead)) ?? []
    const sessions = new Set(
      (await deps.sessions.list(tx)).flatMap((session) => (session.projectId === projectId ? session.id : [])),
    )
    const seen: Change[] = []
    for (const change of changes) {
      const scope = eventScope(change)
      if (scope === null) continue
      const task = scope.kind === 'task' ? await deps.tasks.find(tx, scope.id) : undefined
      if (projectOf(scope, { task, sessions }, projectId)) seen.push(change)
    }
    // Without a number the newest are wanted; after one, those that follow it.
    const chosen = after === null ? seen.slice(-limit) : seen.slice(0, limit)
    const isAll = after === null || seen.length <= limit
    const last = isAll ? (changes.at(-1)?.seq ?? from) : (chosen.at(-1)?.seq ?? from)
    const texts = await readTexts(deps, tx, chosen)
    return ok({ events: chosen.map((change) => toldEvent(change, texts.get(change.seq))), last })
  })

/** The sentences of the log. */
const readTexts = async ({ activity }: VerbDeps, tx: Tx, chosen: readonly Change[]) => {
  const [first, last] = [chosen[0], chosen.at(-1)]
  if (!first || !last) return new Map<number, string>()
  const between = { before: last.seq + 1, after: first.seq - 1, limit: mostRead }
  const events = await listEvents(tx, { topics: null, naming: null, ...between })
  const wanted = new Set(chosen.map(({ seq }) => seq))
  return activity.textOf(
    tx,
    events.filter(({ seq }) => wanted.has(seq)),
  )
}
