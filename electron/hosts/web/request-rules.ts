/** What the web host looks at before it looks at anything else. */
export interface RequestFacts {
  readonly method: string
  /** Every Host header that was sent; there must be exactly one. */
  readonly hosts: readonly string[]
  readonly origin: string | undefined
  /** The browser's own word on who asks (Sec-Fetch-Site); other programs leave it out. */
  readonly fetchSite: string | undefined
  readonly fetchMode: string | undefined
  readonly isUpgrade: boolean
}

export type Judgement =
  { readonly ok: true; readonly host: string } | { readonly ok: false; readonly status: number; readonly code: string }

/** The names under which a port of this machine may be asked for. */
export const hostsOfPort = (port: number): readonly string[] => [
  `127.0.0.1:${port}`,
  `localhost:${port}`,
  `[::1]:${port}`,
]

/**
 * Decides whether a request may be heard at all. Being on this machine is no ground for trust: any page open in the
 * person's browser can send requests here, and a name of its own can be made to point here.
 */
export const judgeRequest = (facts: RequestFacts, allowedHosts: readonly string[]): Judgement => {
  const [host] = facts.hosts
  // A page of another site whose name was pointed at this machine carries that name here.
  if (host === undefined || facts.hosts.length !== 1 || !allowedHosts.includes(host)) return refuse(421, 'WRONG_HOST')
  const mustNameOrigin = facts.isUpgrade || !isRead(facts.method)
  if (mustNameOrigin && facts.origin === undefined) return refuse(403, 'NO_ORIGIN')
  if (facts.origin !== undefined && facts.origin !== `http://${host}`) return refuse(403, 'WRONG_ORIGIN')
  // Following a link from elsewhere is allowed: it shows the page, which can do nothing without the cookie's ticket.
  if (isForeign(facts.fetchSite) && (mustNameOrigin || facts.fetchMode !== 'navigate')) return refuse(403, 'CROSS_SITE')
  return { ok: true, host }
}

const refuse = (status: number, code: string): Judgement => ({ ok: false, status, code })

const isRead = (method: string) => method === 'GET' || method === 'HEAD'

/** Another port of this machine is "same-site" and as foreign as any other. */
const isForeign = (fetchSite: string | undefined) =>
  fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none'
