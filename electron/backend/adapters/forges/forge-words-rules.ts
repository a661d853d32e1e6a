import type { ForgeCode } from '../../../../shared/contract/remote.ts'
import { refuse, type Result } from '../../../../shared/lib/result.ts'
import { visibleLine } from '../../../../shared/lib/visible-text.ts'

/** A command-line program that speaks to a forge. */
export interface Tool {
  readonly kind: 'github' | 'gitlab'
  readonly command: 'gh' | 'glab'
  /** What to do when it is not there. */
  readonly missing: string
  /** Names of variables it may have beside those every program gets. */
  readonly variables: readonly string[]
  /** Keeps it from asking, paging and looking for news. */
  readonly additions: Readonly<Record<string, string>>
}

interface Failure {
  readonly stderr: string
  /** The forge's own words; null where it had none. */
  readonly said: string | null
}

/** Why a call failed, from what the tool printed, and what the person can do. */
export const forgeProblem = (tool: Tool, host: string, { stderr, said }: Failure): Result<never, ForgeCode> => {
  const why = said ?? stderr.trim().split('\n')[0] ?? ''
  if (/rate limit|HTTP 429|\b429\b Too Many/i.test(`${stderr}\n${why}`))
    return refuse('RATE_LIMITED', `${host} answers no more for now: too much was asked of it. It is asked again later.`)
  if (/HTTP 401|\b401\b|Bad credentials|auth login|GH_TOKEN|GITLAB_TOKEN/i.test(stderr)) {
    const login = `${tool.command} auth login --hostname ${host}`
    return refuse('NOT_LOGGED_IN', `${tool.command} is not logged in to ${host}. Run this in a terminal: ${login}`)
  }
  if (/HTTP 404|\b404\b/.test(stderr))
    return refuse(
      'FORGE_REFUSED',
      `${host} does not show that to you. See whether the repository is there and whether your login may use it.`,
    )
  if (/error connecting|dial |lookup |no such host|timeout|connection refused|network is unreachable/i.test(stderr))
    return refuse('UNREACHABLE', `${host} could not be reached. See whether you are connected, and try again.`)
  return refuse('FORGE_REFUSED', `${host} refused it: ${visibleLine(why).slice(0, 300) || 'it did not say why'}`)
}
