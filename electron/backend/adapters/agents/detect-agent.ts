import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Agent } from '../../../../shared/contract/agents.ts'
import { candidatesOnPath, isExecutable } from '../find-executable.ts'
import type { AgentAdapter, AgentResources, Environment } from './agent-adapter.ts'
import { compareVersions } from './claude-settings.ts'

export type Detected = Pick<Agent, 'availability' | 'versionNote'>

export interface DetectDeps {
  readonly resources: AgentResources
  /** The person's environment, of which `PATH`, `HOME` and `SHELL` are read. */
  readonly person: Environment
  /** The environment the agent itself would get. */
  readonly environmentOf: (adapter: AgentAdapter) => Environment
}

// A cold start of the largest of them takes under a second; on a busy machine some.
const versionTimeoutMs = 10_000

/** Looks for an agent and asks it for its version. */
export const detectAgent = async (adapter: AgentAdapter, deps: DetectDeps): Promise<Detected> => {
  const path = await findExecutable(adapter, deps)
  if (path === null) return { availability: { kind: 'missing', hint: adapter.missingHint }, versionNote: null }
  if (adapter.command === null) return { availability: { kind: 'found', path, version: null }, versionNote: null }
  const answer = await askVersion(path, deps.environmentOf(adapter))
  if (!answer.ok) return { availability: { kind: 'broken', path, problem: answer.problem }, versionNote: null }
  return {
    availability: { kind: 'found', path, version: answer.version },
    versionNote: noteOf(adapter, answer.version),
  }
}

const noteOf = (adapter: AgentAdapter, version: string | null): string | null => {
  if (adapter.testedFrom === null || compareVersions(version, adapter.testedFrom) >= 0) return null
  const found =
    version === null ? 'Its version could not be read' : `Version ${version} is older than ${adapter.testedFrom}`
  return adapter.statusSource === 'hooks'
    ? `${found}; permissions are answered in its terminal, and its state is less exact. Update it for the rest.`
    : `${found}, the oldest one tried; it may not start as expected. Update it if it does not.`
}

const findExecutable = async (adapter: AgentAdapter, deps: DetectDeps): Promise<string | null> => {
  const { person, resources } = deps
  if (adapter.id === 'demo') return existing(join(resources.folder, 'demo-agent', 'demo-agent.mjs'))
  if (adapter.command === null) return findShell(person)
  const home = person['HOME'] ?? person['USERPROFILE'] ?? ''
  const onPath = candidatesOnPath(adapter.command, person)
  const places = adapter.places.map((place) => (place.startsWith('~/') ? join(home, place.slice(2)) : place))
  for (const candidate of [...onPath, ...places]) if (await isExecutable(candidate)) return candidate
  return null
}

const findShell = async (person: Environment): Promise<string | null> => {
  const wanted = process.platform === 'win32' ? person['ComSpec'] : person['SHELL']
  const candidates = [wanted, '/bin/bash', '/bin/zsh', '/bin/sh'].filter((path) => path !== undefined)
  for (const candidate of candidates) if (await isExecutable(candidate)) return candidate
  return null
}

const existing = (path: string) =>
  stat(path).then(
    () => path,
    () => null,
  )

type VersionAnswer =
  { readonly ok: true; readonly version: string | null } | { readonly ok: false; readonly problem: string }

const askVersion = (path: string, environment: Environment): Promise<VersionAnswer> =>
  new Promise((resolve) => {
    // A .cmd of npm on Windows can only be run by its command interpreter; the path is ours, the argument fixed.
    const options = { env: environment, timeout: versionTimeoutMs, shell: /\.(cmd|bat)$/i.test(path) }
    execFile(path, ['--version'], options, (error, stdout, stderr) => {
      if (error) resolve({ ok: false, problem: problemOf(path, error, stderr) })
      else resolve({ ok: true, version: /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] ?? null })
    })
  })

const problemOf = (path: string, error: Error & { killed?: boolean; code?: unknown }, stderr: string): string => {
  if (error.killed) return `\`${path} --version\` gave no answer within ${versionTimeoutMs / 1000} s.`
  const firstLine = stderr.trim().split('\n')[0] ?? ''
  return `\`${path} --version\` failed${firstLine ? `: ${firstLine.slice(0, 300)}` : ` (${String(error.code)}).`}`
}
