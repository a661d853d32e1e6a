import type { ClientContext, ClientLink } from '@orpc/client'

export type Link = ClientLink<ClientContext>

/** One live connection to the backend. */
export interface Transport {
  readonly link: Link
  /** Settles when the connection is gone, whoever ended it. */
  readonly closed: Promise<void>
  close(): void
}

export type OpenResult =
  | { readonly kind: 'open'; readonly transport: Transport }
  /** Nobody answered: worth another try. */
  | { readonly kind: 'away'; readonly reason: string }
  /** Somebody answered and does not know us: only a fresh link helps. One that was brought may have been refused. */
  | { readonly kind: 'unauthorised'; readonly isLinkRefused: boolean }

export type OpenTransport = (signal: AbortSignal) => Promise<OpenResult>
