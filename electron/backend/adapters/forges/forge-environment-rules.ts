/** Tokens that a tool would send to any host it is told to ask; a repository names the host. */
const boundTokens = {
  github: ['GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN'],
  gitlab: ['GITLAB_TOKEN', 'GITLAB_ACCESS_TOKEN', 'OAUTH_TOKEN'],
} as const

/** The names of variables with tokens that may be sent to this host: those that the person meant for it. */
export const tokenVariables = (
  kind: 'github' | 'gitlab',
  host: string,
  person: Readonly<Record<string, string | undefined>>,
): readonly string[] => {
  // gh itself sends these two to github.com alone.
  const own = kind === 'github' ? ['GH_TOKEN', 'GITHUB_TOKEN'] : []
  const named = kind === 'github' ? person['GH_HOST'] : (person['GITLAB_HOST'] ?? person['GL_HOST'] ?? 'gitlab.com')
  const meant = named?.replace(/^https?:\/\//, '').replace(/\/+$/, '')
  return meant?.toLowerCase() === host ? [...own, ...boundTokens[kind]] : own
}
