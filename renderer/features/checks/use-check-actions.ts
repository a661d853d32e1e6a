import { ListChecks, Mail, Trash2 } from 'lucide-react'
import { useMemo } from 'react'
import type { Check, CheckFields, CheckProposal, CheckRun } from '../../../shared/contract/checks.ts'
import type { CheckId, ProjectId, SessionId, WorktreeId } from '../../../shared/lib/ids.ts'
import type { Result } from '../../../shared/lib/result.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import type { AppData } from '../../data/app-data.ts'
import { useData } from '../../data/data-context.tsx'
import { settle } from '../../data/settle.ts'
import { useNotices, type Notices } from '../../lib/notices.tsx'
import { letterOf } from './check-words.ts'

export interface CheckActions {
  run(worktreeId: WorktreeId, which: 'all' | 'failed' | CheckId[]): Promise<void>
  cancel(run: CheckRun): Promise<void>
  /** Tells the agent of a session what a check says. */
  sendToAgent(run: CheckRun, to: SessionId): Promise<void>
  /** Answers what stands in the way; null when it is done. */
  save(projectId: ProjectId, id: CheckId | null, fields: CheckFields): Promise<string | null>
  add(projectId: ProjectId, proposal: CheckProposal): Promise<void>
  move(check: Check, beforeId: CheckId | null): Promise<void>
  remove(check: Check): Promise<void>
}

export const useCheckActions = (): CheckActions => {
  const data = useData()
  const notices = useNotices()
  return useMemo(() => createCheckActions(data, notices, () => crypto.randomUUID()), [data, notices])
}

type Deps = Pick<AppData, 'stores'> & { readonly api: Pick<AppData['api'], 'checks' | 'mail'> }

export const createCheckActions = (
  { api, stores }: Deps,
  notices: Notices,
  newRequestId: () => string,
): CheckActions => {
  const { checks, mail } = api
  /** What it refuses is said in a notice. */
  const told = async <Value>(call: Promise<Value>): Promise<Result<Value, string>> => {
    const result = await settle(call)
    if (!result.ok) notices.refuse(result.refusal.message)
    return result
  }
  const restore = async (check: Check) => {
    const restored = await told(checks.restore({ checkId: check.id }))
    if (restored.ok) notices.show({ icon: ListChecks, text: `“${visibleLine(check.name)}” is there again.` })
  }
  return {
    run: async (worktreeId, which) => void (await told(checks.run({ worktreeId, which }))),
    cancel: async ({ id }) => void (await told(checks.cancel({ runId: id }))),
    sendToAgent: async (run, to) => {
      const output = await settle(checks.output({ runId: run.id }))
      const sent = await told(
        mail.send({
          projectId: run.projectId,
          to: [to],
          kind: 'note',
          ...letterOf(run, output.ok ? output.value.text : run.excerpt.join('\n')),
          priority: 'high',
          isAckRequired: false,
          expiresInMs: null,
          // Once for each run, however often it is pressed.
          dedupKey: run.id,
          requestId: newRequestId(),
        }),
      )
      const title = stores.sessions.get(to)?.title
      if (sent.ok)
        notices.show({ icon: Mail, text: `Sent to ${title === undefined ? 'the agent' : `“${visibleLine(title)}”`}.` })
    },
    save: async (projectId, id, fields) => {
      const saved = await settle(
        id === null ? checks.add({ projectId, fields }) : checks.update({ checkId: id, fields }),
      )
      return saved.ok ? null : saved.refusal.message
    },
    add: async (projectId, { name, command, timeLimitMs, isGate }) => {
      const fields = { name, command, timeLimitMs, isGate }
      await told(checks.add({ projectId, fields }))
    },
    move: async ({ id }, beforeId) => void (await told(checks.move({ checkId: id, beforeId }))),
    remove: async (check) => {
      const removed = await told(checks.remove({ checkId: check.id }))
      const action = { label: 'Undo', run: () => void restore(check) }
      if (removed.ok) notices.show({ icon: Trash2, text: `Removed “${visibleLine(check.name)}”.`, action })
    },
  }
}
