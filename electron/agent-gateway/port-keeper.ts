/** Whoever outlives the app keeps its ports and passes on what comes in: see docs/adr/0017. */
export interface PortKeeper {
  /** Port 0 is any that is free. What comes in there goes to this private socket from now on. */
  keep(port: number, passTo: string): Promise<Kept>
  /** A path for a private socket, another one each time. */
  newSocketPath(): string
  /** `lost`: nothing is kept any more. `connected`: the keeper is there, and has to be told anew. Answers how to stop listening. */
  onChange(listener: (change: 'lost' | 'connected') => void): () => void
}

export type Kept =
  | { readonly kind: 'kept'; readonly port: number }
  /** Another program listens there. */
  | { readonly kind: 'taken' }
  /** There is no keeper, or one that is too old to keep ports. */
  | { readonly kind: 'unable' }
