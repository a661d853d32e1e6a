import type { Snapshot } from '../../shared/contract/changes.ts'
import type { Features } from './create-features.ts'
import type { Tx } from './db/tx.ts'

/** Everything a page knows from its start, read in one transaction. */
export const readSnapshot = async (features: Features, tx: Tx): Promise<Snapshot> => ({
  settings: await features.settings.list(tx),
  projects: await features.projects.list(tx),
  agents: await features.agents.list(tx),
  worktrees: await features.worktrees.list(tx),
  terminals: await features.terminals.list(tx),
  sessions: await features.sessions.list(tx),
  asks: await features.asks.list(tx),
  leases: await features.leases.list(tx),
  waiters: await features.leases.listWaiters(tx),
  overlaps: await features.radar.list(tx),
  ...(await features.tasks.listShown(tx)),
  ...(await features.queue.listShown(tx)),
  ...(await features.mail.newest(tx)),
  reports: await features.verbs.listReports(tx),
  outages: await features.hooks.listOutages(tx),
  subagents: await features.hooks.listSubagents(tx),
  teammates: await features.teams.listTeammates(tx),
  teamTasks: await features.teams.listTasks(tx),
  merges: await features.merge.listNewest(tx, 100),
  ...(await features.checks.listShown(tx)),
  pullRequests: await features.remote.list(tx),
})
