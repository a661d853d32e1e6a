import * as fc from 'fast-check'
import type { NewMessage } from '../../../../../shared/contract/mail.ts'

/**
 * What becomes of a line that is typed: taken by the agent, left at its prompt, cleared from there by the person, who then
 * sends something of their own, or not written because somebody else typed.
 */
export type TypingOutcome = 'taken' | 'swallowed' | 'cleared' | 'touched'

/** The app dies at the n-th thing it asks of its database, before that happened or after. */
export interface Kill {
  readonly at: number
  readonly when: 'before' | 'after'
}
export type Step =
  | {
      readonly kind: 'send'
      readonly from: number
      readonly to: readonly string[]
      readonly isAckRequired: boolean
      readonly isLong: boolean
      readonly priority: NewMessage['priority']
      readonly expires: boolean
      readonly kill: Kill | null
    }
  /** A hook comes in; its answer arrives or not; another one may come in while it is being answered. */
  | {
      readonly kind: 'hook'
      readonly who: number
      readonly isAnswered: boolean
      readonly isOverlapped: boolean
      readonly kill: Kill | null
    }
  /** A line is typed at a quiet prompt; the agent takes it, or it stands there and nothing comes of it. */
  | {
      readonly kind: 'type'
      readonly who: number
      readonly outcome: TypingOutcome
      readonly kill: Kill | null
    }
  | { readonly kind: 'read' | 'ack'; readonly who: number; readonly at: number; readonly kill: Kill | null }
  | { readonly kind: 'agent-dies'; readonly who: number }
  | { readonly kind: 'time'; readonly seconds: number }
  /** That an answer was sent is written down when the process it went to is not there any more. */
  | { readonly kind: 'sleep' | 'sweep' | 'late-mark' }

const who = fc.nat(2)
// Two of three are not cut off: what was cut off is of interest for what comes after it.
const kill = fc.oneof(
  { weight: 2, arbitrary: fc.constant(null) },
  {
    weight: 1,
    arbitrary: fc.record({ at: fc.integer({ min: 1, max: 7 }), when: fc.constantFrom('before' as const, 'after') }),
  },
)
/** Anything that may happen to three sessions and their mail. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      from: who,
      to: fc.subarray(['everyone', '#worker', 'role:worker', '@agent-1', '@agent-2', 'person'], { minLength: 1 }),
      isAckRequired: fc.boolean(),
      isLong: fc.boolean(),
      priority: fc.constantFrom<NewMessage['priority']>('low', 'normal', 'urgent'),
      expires: fc.constantFrom(false, false, true),
      kill,
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant('hook' as const),
      who,
      isAnswered: fc.constantFrom(true, true, false),
      isOverlapped: fc.boolean(),
      kill,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('type' as const),
      who,
      outcome: fc.constantFrom<TypingOutcome>('taken', 'taken', 'swallowed', 'cleared', 'touched'),
      kill,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('read' as const, 'ack'), who, at: fc.nat(9), kill }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('agent-dies' as const), who }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('time' as const), seconds: fc.constantFrom(1, 31, 61, 700) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('sleep' as const, 'sweep') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('late-mark' as const) }) },
)
