import type { ForgeKind } from '../../../../shared/contract/remote.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'

/** A repository on a server, as the URL of a remote names it. */
export interface RemoteAddress {
  /** As in a link: "github.com", "git.example.com:8443". */
  readonly host: string
  /** "owner/name"; on GitLab there may be groups between them. */
  readonly repository: string
}

const hostPattern = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?$/
const partPattern = /^[A-Za-z0-9_~][A-Za-z0-9._~-]{0,99}$/

/**
 * Reads `https://host/owner/name.git`, `ssh://git@host:22/owner/name` and `git@host:owner/name`. Null for a folder, another
 * transport, and whatever could be anything but two or more plain names on a plain host: the URL is the repository's own.
 */
export const readRemoteAddress = (url: string): RemoteAddress | null => {
  const web = /^(https?):\/\/(?:[^@/\s]*@)?([^/@\s]+)\/([^\s?#]+)$/i.exec(url)
  if (web) return addressOf(web[2], web[3])
  // The port of ssh says nothing about that of the web.
  const ssh = /^ssh:\/\/(?:[^@/\s]+@)?([^/:@\s]+)(?::\d{1,5})?\/([^\s?#]+)$/i.exec(url)
  if (ssh) return addressOf(ssh[1], ssh[2])
  const short = /^(?:[A-Za-z0-9._-]+@)?([A-Za-z0-9.-]+):(?!\/)([^\s?#]+)$/.exec(url)
  // One letter before the colon is a drive of Windows.
  return short && (short[1]?.length ?? 0) > 1 ? addressOf(short[1], short[2]) : null
}

const addressOf = (host = '', path = ''): RemoteAddress | null => {
  const parts = path
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .split('/')
  const isPlain = parts.length >= 2 && parts.length <= 20 && parts.every((part) => partPattern.test(part))
  // Names of ssh's own configuration have no dot, and are no host for a link.
  const isHost = hostPattern.test(host.toLowerCase()) && /^[^:]+\.[^:]+/.test(host)
  return isPlain && isHost ? { host: host.toLowerCase(), repository: parts.join('/') } : null
}

/** By the name of the host alone: those that are called otherwise are not known. */
export const forgeKindOf = (host: string): ForgeKind | null => {
  if (host === 'github.com' || /(?:^|\.)github\./.test(host)) return 'github'
  if (host === 'gitlab.com' || /(?:^|\.)gitlab\./.test(host)) return 'gitlab'
  if (host === 'bitbucket.org') return 'bitbucket'
  return /^(?:codeberg\.org|gitea\.com|(?:.*\.)?(?:gitea|forgejo)\..*)$/.test(host) ? 'gitea' : null
}

/** The page on which the person compares two branches and asks for a merge; null where none is known. */
export const compareLink = (
  { host, repository }: RemoteAddress,
  { base, branch }: { readonly base: string; readonly branch: string },
): string | null => {
  const kind = forgeKindOf(host)
  const place = `https://${host}/${repository}`
  const [from, to] = [encodeURIComponent(base), encodeURIComponent(branch)]
  switch (kind) {
    case 'github':
      return `${place}/compare/${from}...${to}?expand=1`
    case 'gitlab':
      return `${place}/-/merge_requests/new?merge_request%5Bsource_branch%5D=${to}&merge_request%5Btarget_branch%5D=${from}`
    case 'bitbucket':
      return `${place}/pull-requests/new?source=${to}&dest=${from}`
    case 'gitea':
      return `${place}/compare/${from}...${to}`
    case null:
      return null
    default:
      return unreachable(kind)
  }
}

/** A link that a forge answered: only a page of that very host is one. */
export const linkOn = (host: string, text: string): string | null => {
  const url = URL.canParse(text) ? new URL(text) : null
  const isSafe = url !== null && url.protocol === 'https:' && url.host === host && url.username === ''
  return isSafe ? url.href : null
}
