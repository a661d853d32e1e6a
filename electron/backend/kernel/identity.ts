import type { Right } from '../../../shared/contract/base.ts'

/** Who is at the other end of a connection, and what it may do. */
export interface Identity {
  readonly kind: 'person' | 'session' | 'system'
  readonly id: string
  readonly right: Right
}

export const systemIdentity: Identity = { kind: 'system', id: 'switchyard', right: 'full' }

const order: readonly Right[] = ['view', 'answer', 'full']

/** True when holding one right includes the needed one. */
export const includesRight = (held: Right, needed: Right): boolean => order.indexOf(held) >= order.indexOf(needed)
