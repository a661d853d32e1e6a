import type { Agent } from '../../../shared/contract/agents.ts'
import type { HostInfo } from '../../../shared/contract/host.ts'
import { unreachable } from '../../../shared/lib/unreachable.ts'

/** One line of "This computer". */
export interface Check {
  readonly id: string
  readonly name: string
  readonly verdict: 'good' | 'warning' | 'absent'
  readonly detail: string
}

/** What was found on this computer; null while the host has not answered. */
export const checksOf = (host: HostInfo | null, agents: readonly Agent[]): readonly Check[] | null =>
  host === null
    ? null
    : [gitCheck(host), ...agents.filter((agent) => agent.id !== 'shell').map(agentCheck), shellCheck(host)]

const gitCheck = ({ git }: HostInfo): Check => ({
  id: 'git',
  name: 'Git',
  verdict: git.problem === null && git.version !== null ? 'good' : 'warning',
  detail: [git.version, git.problem].filter((part) => part !== null).join(', ') || 'not found',
})

const agentCheck = (agent: Agent): Check => {
  const { availability } = agent
  const base = { id: agent.id, name: agent.name }
  switch (availability.kind) {
    case 'found':
      return {
        ...base,
        verdict: agent.versionNote === null ? 'good' : 'warning',
        detail: [availability.version ?? 'found', agent.versionNote].filter((part) => part !== null).join(', '),
      }
    case 'missing':
      return { ...base, verdict: 'absent', detail: `not found, optional. ${availability.hint}`.trim() }
    case 'broken':
      return { ...base, verdict: 'warning', detail: availability.problem }
    default:
      return unreachable(availability)
  }
}

const shellCheck = ({ shell }: HostInfo): Check => ({
  id: 'shell',
  name: 'Shell',
  verdict: shell.problem === null ? 'good' : 'warning',
  detail:
    shell.problem ??
    `${shell.path.split(/[\\/]/).at(-1) ?? ''} login shell, ${shell.variables} variables read in ${shell.ms} ms`,
})

/** The checks as plain text, to be pasted into a report. */
export const reportText = (host: HostInfo | null, checks: readonly Check[] | null): string =>
  [
    `Switchyard ${host?.version ?? ''} (${host?.kind ?? 'unknown host'}, ${host?.platform ?? 'unknown platform'})`,
    ...(checks ?? []).map((check) => `${check.verdict.padEnd(8)} ${check.name}: ${check.detail}`),
  ].join('\n')
