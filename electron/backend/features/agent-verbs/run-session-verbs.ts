import { targetText } from '../../../../shared/contract/lease-claims.ts'
import type { VerbName } from '../../../../shared/agent-verbs/verbs.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { askHuman } from './ask-human.ts'
import { gatherBrief } from './gather-brief.ts'
import { writeBrief } from './brief-rules.ts'
import { checkHealth } from './check-health.ts'
import { readOwnWork } from './read-own-work.ts'
import { readPeers, whoOf } from './read-peers.ts'
import { putReport } from './reports-store.ts'
import { readYard, type Speaking, type VerbDeps, type VerbRunners } from './verb-parts.ts'

type SessionVerbName = Extract<VerbName, 'whoami' | 'brief' | 'peers' | 'report' | 'ask-human' | 'doctor'>

export const sessionVerbRunners: VerbRunners<SessionVerbName> = {
  whoami: (deps, speaking) => whoami(deps, speaking),
  brief: async (deps, speaking) => ok({ markdown: writeBrief(await gatherBrief(deps, speaking)) }),
  peers: (deps, { session }) =>
    deps.database.read(async (tx) => {
      const yard = await readYard(deps, tx, session.projectId)
      return ok({ peers: await readPeers(deps, tx, { yard, own: session }) })
    }),
  report: ({ runCommand }, { session, by, requestId }, { text }) =>
    runCommand({ name: 'report', by, requestId }, async ({ tx, now, emit }) => {
      const report = { sessionId: session.id, projectId: session.projectId, text: oneLine(text), at: now }
      await putReport(tx, report)
      return ok({ seq: await emit('reports.changed', session.id, report) })
    }),
  'ask-human': (deps, speaking, input) => askHuman(deps, speaking, input),
  doctor: (deps, speaking) => checkHealth(deps, speaking),
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ')

const whoami = async (deps: VerbDeps, speaking: Speaking) => {
  const { session, holder } = speaking
  const { openCount } = await deps.mail.inbox(session.id, { isAll: false, after: null, limit: 1 })
  return deps.database.read(async (tx) => {
    const yard = await readYard(deps, tx, session.projectId)
    const project = await deps.projects.find(tx, session.projectId)
    const leases = (await deps.leases.list(tx)).filter(({ sessionId }) => sessionId === session.id)
    return ok({
      ...whoOf(session, yard),
      incarnationId: holder.incarnationId,
      project: { id: session.projectId, name: project?.name ?? '', rootPath: project?.rootPath ?? '' },
      worktreePath: yard.worktrees.find(({ id }) => id === session.worktreeId)?.path ?? null,
      work: await readOwnWork(deps, tx, speaking, yard),
      leases: leases.map(({ target }) => targetText(target)),
      unreadMail: openCount,
    })
  })
}
