import type { AgentAdapter, LaunchPlan, LaunchRequest } from './agent-adapter.ts'
import { promptArgument } from './launch-prompt.ts'

/** How a program is started, as lists of arguments. `{…}` stands for a value of the session. */
export interface LaunchLines {
  /** Always, right behind the program. */
  readonly always?: readonly string[]
  /** To begin a conversation; `{conversation}` is the id we chose. */
  readonly start?: readonly string[]
  /** To go on with one. */
  readonly resume?: readonly string[]
  readonly mode?: readonly string[]
  readonly model?: readonly string[]
  /** Only when a prompt is given; last. */
  readonly prompt?: readonly string[]
}

export interface CommandProfile {
  readonly id: AgentAdapter['id']
  readonly name: string
  readonly command: string
  readonly places?: readonly string[]
  readonly missingHint: string
  readonly testedFrom?: string
  readonly permissionModes: AgentAdapter['permissionModes']
  readonly defaultPermissionMode: string | null
  readonly models?: AgentAdapter['models']
  readonly environmentPatterns: readonly string[]
  readonly lines: LaunchLines
  /** Arguments or variables a permission mode needs beside the `mode` line. */
  readonly ofMode?: (mode: string | null) => {
    args?: readonly string[]
    environment?: Readonly<Record<string, string>>
  }
  readonly environment?: Readonly<Record<string, string>>
  readonly readTitle?: AgentAdapter['readTitle']
  readonly isPromptEmpty?: AgentAdapter['isPromptEmpty']
}

/** An adapter for a program that is only started: its state is learnt from its title at most. */
export const adapterOfProfile = (profile: CommandProfile): AgentAdapter => ({
  id: profile.id,
  name: profile.name,
  command: profile.command,
  places: profile.places ?? [],
  missingHint: profile.missingHint,
  testedFrom: profile.testedFrom ?? null,
  permissionModes: profile.permissionModes,
  defaultPermissionMode: profile.defaultPermissionMode,
  models: profile.models ?? [],
  takesPrompt: profile.lines.prompt !== undefined,
  canResume: profile.lines.resume !== undefined,
  statusSource: profile.readTitle ? 'title' : 'process',
  environmentPatterns: profile.environmentPatterns,
  launch: (request) => launchProfile(profile, request),
  ...(profile.readTitle ? { readTitle: profile.readTitle } : {}),
  ...(profile.isPromptEmpty ? { isPromptEmpty: profile.isPromptEmpty } : {}),
})

const launchProfile = (profile: CommandProfile, request: LaunchRequest): LaunchPlan => {
  const { lines } = profile
  const mode = request.permissionMode ?? profile.defaultPermissionMode
  const ofMode = profile.ofMode?.(mode) ?? {}
  const prompt = request.prompt === null || !lines.prompt ? null : promptArgument(request.prompt, request.sessionFolder)
  const fill = (line: readonly string[] | undefined, values: Readonly<Record<string, string>>) =>
    (line ?? []).map((part) => part.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole))
  return {
    argv: [
      request.executable,
      ...(lines.always ?? []),
      ...fill(lines[request.conversation.kind], { conversation: request.conversation.id }),
      ...(mode === null ? [] : fill(lines.mode, { mode })),
      ...(ofMode.args ?? []),
      ...(request.model === null ? [] : fill(lines.model, { model: request.model })),
      ...(prompt === null ? [] : fill(lines.prompt, { prompt: prompt.text })),
    ],
    environment: { ...profile.environment, ...ofMode.environment },
    files: prompt?.files ?? [],
  }
}
