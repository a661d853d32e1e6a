import type { Agent, AgentId } from '../../../../shared/contract/agents.ts'
import type { Answer, AskDetail } from '../../../../shared/contract/asks.ts'
import type { Result } from '../../../../shared/lib/result.ts'
import type { GuardAnswer, GuardHook } from './guard-hook-rules.ts'
import type { HookReading } from './observation-rules.ts'
import type { PromptTest } from './prompt-rules.ts'
import type { TeamReading } from './team-rules.ts'
import type { TitleReading } from './title-rules.ts'

export type Environment = Readonly<Record<string, string>>

/** Where the app keeps what agents need: scripts it ships, and the node that runs them. */
export interface AgentResources {
  /** The folder `resources` of the app. */
  readonly folder: string
  /** A command that runs a script with our node. On the desktop it is the app itself, told so by an environment variable. */
  readonly node: { readonly path: string; readonly needsRunAsNode: boolean }
}

export interface LaunchRequest {
  readonly executable: string
  readonly version: string | null
  readonly resources: AgentResources
  /** A folder (0700) of this session in the data folder, for the files of the launch. */
  readonly sessionFolder: string
  readonly worktreePath: string
  readonly gatewayUrl: string
  readonly title: string
  readonly prompt: string | null
  readonly model: string | null
  readonly permissionMode: string | null
  /** Its own teams are switched on. */
  readonly usesTeams: boolean
  /** `start` begins a conversation, under this id where the agent lets us choose; `resume` goes on with it. */
  readonly conversation: { readonly kind: 'start' | 'resume'; readonly id: string }
  /** The environment the agent will get, for what depends on it (where it keeps its own files). */
  readonly environment: Environment
  /** True when the person has a status line of their own, which ours would replace. */
  readonly hasOwnStatusLine: boolean
}

export interface LaunchPlan {
  readonly argv: readonly [string, ...string[]]
  /** Added to the environment, replacing what is there. */
  readonly environment: Environment
  /** Written (0600) before the start. */
  readonly files: readonly { readonly path: string; readonly text: string }[]
}

/** What is known of a conversation before it is resumed. */
export interface ConversationFacts {
  /** The agent's own record of it. */
  readonly record: 'exists' | 'missing' | 'unknown'
  /** Another living process that has it open. */
  readonly openIn: { readonly pid: number } | null
}

export interface ConversationQuery {
  readonly conversationId: string
  /** The record as the agent last named it, when it did. */
  readonly recordPath: string | null
  readonly worktreePath: string
  readonly sessionFolder: string
  readonly environment: Environment
}

/** The agent's own word on its state, read from a file it keeps. */
export interface StatusReading {
  readonly conversationId: string
  readonly status: 'idle' | 'busy' | 'waiting'
  readonly waitingFor: string | null
  /** When the agent changed it. */
  readonly changedAt: number
  /** When we read it. */
  readonly readAt: number
}

export interface StatusWatch {
  /** The process of the session; readings of other processes are not told. */
  readonly pid: number
  readonly conversationId: () => string | null
  readonly environment: Environment
  readonly now: () => number
  readonly onReading: (reading: StatusReading) => void
}

export interface TeamWatch {
  readonly conversationId: string
  readonly environment: Environment
  /** What stands in its files: now, and each time they have changed. */
  readonly onReading: (reading: TeamReading) => void
}

export interface TeamFollower {
  /** Something was heard of the team: its files are read again soon. */
  lookSoon(): void
  stop(): void
}

export interface AgentWake {
  readonly pid: number
  readonly conversationId: string
  readonly environment: Environment
  /** Asked once the agent can take it; null when there is nothing to say any more. */
  readonly readText: () => Promise<string | null>
}

export interface AgentAdapter {
  readonly id: AgentId
  readonly name: string
  /** Looked for on the PATH, then in `places`. Null for what needs no looking (the demo agent, a plain shell). */
  readonly command: string | null
  readonly places: readonly string[]
  readonly missingHint: string
  /** Versions this adapter was tried with; outside, `versionNote` says what is reduced. */
  readonly testedFrom: string | null
  readonly permissionModes: Agent['permissionModes']
  readonly defaultPermissionMode: string | null
  readonly models: Agent['models']
  readonly takesPrompt: boolean
  readonly canResume: boolean
  readonly statusSource: Agent['statusSource']
  /** How the teams it runs by itself are looked at; absent where it has none. */
  readonly teams?: { readonly watch: (watch: TeamWatch) => TeamFollower }
  /** Names (with `*`) of the person's variables that this agent needs. */
  readonly environmentPatterns: readonly string[]
  readonly launch: (request: LaunchRequest) => LaunchPlan
  /** Absent where the agent keeps nothing that can be looked at. */
  readonly inspectConversation?: (query: ConversationQuery) => Promise<ConversationFacts>
  readonly hasOwnStatusLine?: (query: { worktreePath: string; environment: Environment }) => Promise<boolean>
  /** Starts watching; answers how to stop. */
  readonly watchStatus?: (watch: StatusWatch) => () => void
  readonly readHook?: (body: unknown) => HookReading
  /** What to answer to a hook that is held open. */
  readonly answerHook?: (body: unknown, detail: AskDetail, answer: Answer) => Result<unknown, 'INVALID'>
  /** What a hook means for the work beside others, and how to say something to it. */
  readonly readGuardHook?: (body: unknown) => GuardHook
  readonly writeGuardAnswer?: (body: unknown, answer: GuardAnswer) => object
  /** Puts a text before an agent that is idle, without touching its prompt. False when it was not put there. */
  readonly wake?: (wake: AgentWake) => Promise<boolean>
  readonly readTitle?: (title: string) => TitleReading
  /** Whether it waits at its own empty prompt, where a line may be typed. Absent where nothing may be typed by ourselves. */
  readonly isPromptEmpty?: PromptTest
}
