import type { TerminalId } from '../../shared/lib/ids.ts'
import { settle } from '../data/settle.ts'
import { createInputQueue, type InputQueue, type WriteOutcome } from './input-queue.ts'
import type { TerminalClientDeps } from './client-deps.ts'

interface InputDeps {
  readonly data: Pick<TerminalClientDeps['data'], 'api'>
  readonly notices: Pick<TerminalClientDeps['notices'], 'refuse'>
}

/** The queues outlive the screens: their numbers count for as long as the window lives. */
export const createWindowInputs = (
  { data, notices }: InputDeps,
  windowId: string,
  whenWorthRetrying: (attempt: number) => Promise<void>,
) => {
  const queues = new Map<TerminalId, InputQueue>()
  const create = (terminalId: TerminalId) =>
    createInputQueue({
      write: async ({ seq, data: text }): Promise<WriteOutcome> => {
        const result = await settle(data.api.terminals.write({ terminalId, windowId, seq, data: text }))
        if (result.ok) return { kind: 'written' }
        // The PTY host knows a repeat by its number, so what may not have arrived is typed again.
        return result.refusal.code === 'CONNECTION_LOST' || result.refusal.code === 'INTERNAL_SERVER_ERROR'
          ? { kind: 'unanswered' }
          : { kind: 'refused', refusal: result.refusal }
      },
      whenWorthRetrying,
      onRefused: (refusal) => notices.refuse(refusal.message),
    })
  return {
    of: (id: TerminalId) => {
      const queue = queues.get(id) ?? create(id)
      queues.set(id, queue)
      return queue
    },
    drop: (id: TerminalId) => {
      queues.get(id)?.dispose()
      queues.delete(id)
    },
    dispose: () => {
      for (const queue of queues.values()) queue.dispose()
      queues.clear()
    },
  }
}
