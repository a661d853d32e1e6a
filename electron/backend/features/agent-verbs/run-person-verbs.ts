import type { VerbName } from '../../../../shared/agent-verbs/verbs.ts'
import { ok, refuse } from '../../../../shared/lib/result.ts'
import { writeBrief } from './brief-rules.ts'
import { checkApp } from './check-health.ts'
import { gatherBrief } from './gather-brief.ts'
import { readOwnWork } from './read-own-work.ts'
import { readPeers } from './read-peers.ts'
import { readInbox } from './run-mail-verbs.ts'
import { readYard, type PersonAsking, type VerbDeps, type VerbRunners } from './verb-parts.ts'

type PersonVerbName = Extract<
  VerbName,
  | 'whoami'
  | 'brief'
  | 'peers'
  | 'report'
  | 'ask-human'
  | 'doctor'
  | 'lease.acquire'
  | 'lease.renew'
  | 'lease.release'
  | 'lease.wait'
  | 'merge.enqueue'
  | 'gates.run'
  | 'gates.status'
>

/** What a command outside of any session is answered differently from an agent. */
export const personVerbRunners: VerbRunners<PersonVerbName, PersonAsking> = {
  whoami: (deps, asking) => whoami(deps, asking),
  brief: async (deps, asking) => ok({ markdown: writeBrief(await gatherBrief(deps, { ...asking, session: null })) }),
  peers: (deps, { projectId }) =>
    deps.database.read(async (tx) => {
      const yard = await readYard(deps, tx, projectId)
      return ok({ peers: await readPeers(deps, tx, { yard, own: null }) })
    }),
  doctor: async (deps) => {
    const checks = await checkApp(deps)
    return ok({ isWell: checks.every(({ isWell }) => isWell), checks })
  },
  report: async () => needsSession('A report says what a session does', 'comment on the task (tasks comment)'),
  'ask-human': async () => needsSession('Only an agent asks the person', 'write to them (mail send person)'),
  'lease.acquire': async () => needsSession('A session holds leases', 'see who holds what (lease list)'),
  'lease.renew': async () => needsSession('A session holds leases', 'see who holds what (lease list)'),
  'lease.release': async () => needsSession('A session gives back its own leases', 'write to it (mail send)'),
  'merge.enqueue': async () =>
    needsSession('A session puts its own branch in line', 'see what is in line (merge status)'),
  'lease.wait': async () => needsSession('A session stands in line for leases', 'see who waits (lease list)'),
  'gates.run': async () =>
    needsSession('Checks run in the worktree of a session', 'run them beside its review (the app)'),
  'gates.status': async () => needsSession('Checks run in the worktree of a session', 'look at its review (the app)'),
}

const needsSession = (fact: string, instead: string) =>
  refuse('NOT_IN_SESSION', `${fact}, and this terminal is outside of any. Run it in a session, or ${instead}.`)

const whoami = async (deps: VerbDeps, asking: PersonAsking) => {
  const { openCount } = await readInbox(deps, asking, { isAll: false, limit: 1 })
  return deps.database.read(async (tx) => {
    const yard = await readYard(deps, tx, asking.projectId)
    const project = await deps.projects.find(tx, asking.projectId)
    return ok({
      sessionId: null,
      name: 'person',
      agent: null,
      branch: null,
      incarnationId: null,
      project: { id: asking.projectId, name: project?.name ?? '', rootPath: project?.rootPath ?? '' },
      worktreePath: asking.folder,
      work: await readOwnWork(deps, tx, asking, yard),
      leases: [],
      unreadMail: openCount,
    })
  })
}
