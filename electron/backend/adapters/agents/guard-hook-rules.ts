import type { Worker } from './observation-rules.ts'

interface Call {
  readonly worker: Worker
  readonly toolUseId: string | null
  /** The folder the agent is in. */
  readonly cwd: string
}

/** What a hook means for the work beside others, in the words of no particular agent. */
export type GuardHook =
  /** Its process has a conversation: a new one, the one of last time, or one that was emptied or summed up. */
  | { readonly kind: 'session-started'; readonly how: 'started' | 'resumed' | 'cleared' | 'compacted' }
  | { readonly kind: 'prompt-submitted' }
  /** It is about to change these files, and waits for our word. */
  | ({ readonly kind: 'edit-begins'; readonly paths: readonly string[] } & Call)
  | ({ readonly kind: 'edit-ended'; readonly paths: readonly string[] } & Call)
  | ({ readonly kind: 'command-begins'; readonly command: string } & Call)
  /** Any other call of a tool. */
  | ({ readonly kind: 'call-begins' } & Call)
  | ({ readonly kind: 'call-ended' } & Call)
  /** Its conversation is about to be summed up: because it is full, or because it was told to. */
  | { readonly kind: 'compacts'; readonly isAsked: boolean }
  /** `summary` is what the agent wrote for itself to go on with. */
  | { readonly kind: 'compacted'; readonly summary: string }
  /** `isContinued`: it ended before and was told to go on. */
  | { readonly kind: 'turn-ended'; readonly isContinued: boolean }
  | { readonly kind: 'subagent-started'; readonly worker: Worker; readonly type: string }
  | { readonly kind: 'subagent-ended'; readonly worker: Worker; readonly result: string }
  /** One of its team has nothing to do. */
  | { readonly kind: 'teammate-idle'; readonly worker: Worker; readonly name: string }
  /** Something became of the team's tasks; its files say what. */
  | { readonly kind: 'team-changed'; readonly worker: Worker }
  | { readonly kind: 'session-ended' }
  | { readonly kind: 'other' }

/** What is said to a hook. At most one of them is taken by any hook. */
export type GuardAnswer =
  | { readonly kind: 'nothing' }
  /** For the model to know; nobody else sees it. */
  | { readonly kind: 'context'; readonly text: string }
  /** The call does not happen, and the model is told why. */
  | { readonly kind: 'refusal'; readonly text: string }
