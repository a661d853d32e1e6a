import type { SessionId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'
import { findLiveIncarnation } from './incarnations-store.ts'
import { judgeLiveness, type Liveness } from './sessions-rules.ts'
import { findSession } from './sessions-store.ts'

export const livenessOf = async (tx: Tx, id: SessionId): Promise<Liveness> => {
  const record = await findSession(tx, id)
  const incarnation = await findLiveIncarnation(tx, id)
  const process = incarnation ? (incarnation.state === 'starting' ? 'starting' : 'alive') : 'none'
  return judgeLiveness(record && record.deletion === null ? record.session : null, process)
}
