import type { Dispatch } from '../../../../shared/contract/task-rows.ts'
import type { Tx } from '../../db/tx.ts'

/** There is one row; deaths before `resumedAt` were answered for by a person. */
export interface DispatchRecord {
  readonly dispatch: Dispatch
  readonly resumedAt: number
}

interface Row {
  readonly paused_at: number | null
  readonly reason: string | null
  readonly resumed_at: number
  readonly rev: number
}

export const readDispatch = async (tx: Tx): Promise<DispatchRecord> => {
  const row = await tx.get<Row>('SELECT paused_at, reason, resumed_at, rev FROM dispatch WHERE id = 1')
  if (!row) throw new Error('The row of the dispatch is gone.')
  const paused = row.paused_at === null ? null : { at: row.paused_at, reason: row.reason ?? '' }
  return { dispatch: { paused, rev: row.rev }, resumedAt: row.resumed_at }
}

export const writeDispatch = async (tx: Tx, { dispatch, resumedAt }: DispatchRecord): Promise<void> => {
  await tx.run(
    'UPDATE dispatch SET paused_at = ?, reason = ?, resumed_at = ?, rev = ? WHERE id = 1',
    dispatch.paused?.at ?? null,
    dispatch.paused?.reason ?? null,
    resumedAt,
    dispatch.rev,
  )
}
