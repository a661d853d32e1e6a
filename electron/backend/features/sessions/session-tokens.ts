import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncarnationId, SessionId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'
import { listLiveIncarnations, type Incarnation } from './incarnations-store.ts'

export interface TokenHolder {
  readonly sessionId: SessionId
  readonly incarnationId: IncarnationId
}

/** Who may speak for which session. A token is worth something while its incarnation lives; only its hash is kept. */
export interface SessionTokens {
  admit(incarnation: Incarnation): void
  dismiss(incarnationId: IncarnationId): void
  holderOf(token: string): TokenHolder | null
}

export const newToken = (): string => randomBytes(32).toString('hex')

export const hashToken = (token: string): string => hash('sha256', token)

/** Whose a token is by what was written down, where nobody keeps count of who lives. */
export const findTokenHolder = async (tx: Tx, token: string): Promise<TokenHolder | null> => {
  const tokens = createSessionTokens()
  for (const incarnation of await listLiveIncarnations(tx)) tokens.admit(incarnation)
  return tokens.holderOf(token)
}

interface Admitted {
  readonly bytes: Buffer
  readonly holder: TokenHolder
}

export const createSessionTokens = (): SessionTokens => {
  const admitted = new Map<string, Admitted>()
  const dismiss = (incarnationId: IncarnationId) => {
    for (const [tokenHash, { holder }] of admitted)
      if (holder.incarnationId === incarnationId) admitted.delete(tokenHash)
  }
  return {
    admit: ({ id, sessionId, tokenHashes }) => {
      dismiss(id)
      for (const tokenHash of tokenHashes)
        admitted.set(tokenHash, { bytes: Buffer.from(tokenHash), holder: { sessionId, incarnationId: id } })
    },
    dismiss,
    holderOf: (token) => {
      const given = Buffer.from(hashToken(token))
      // Every hash is compared, each in constant time: how long it takes says nothing of how near a guess came.
      let found: TokenHolder | null = null
      for (const { bytes, holder } of admitted.values()) if (timingSafeEqual(given, bytes)) found = holder
      return found
    },
  }
}
