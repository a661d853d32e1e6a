import { sessionIdSchema, terminalIdSchema, type SessionId, type TerminalId } from '../../../shared/lib/ids.ts'

/** What a tile can show: a session with whatever state it is in, or a plain shell. */
export type View =
  | { readonly kind: 'session'; readonly sessionId: SessionId }
  | { readonly kind: 'shell'; readonly terminalId: TerminalId }

/** The id of the panel that shows it, and its name in the saved layout. */
export type ViewId = `session:${string}` | `shell:${string}`

export const sessionView = (id: SessionId): ViewId => `session:${id}`
export const shellView = (id: TerminalId): ViewId => `shell:${id}`

/** Null for what is no view id: a saved layout may be of another version. */
export const parseViewId = (id: string): View | null => {
  const [kind, rest] = [id.slice(0, id.indexOf(':')), id.slice(id.indexOf(':') + 1)]
  if (kind === 'session') {
    const parsed = sessionIdSchema.safeParse(rest)
    return parsed.success ? { kind, sessionId: parsed.data } : null
  }
  if (kind === 'shell') {
    const parsed = terminalIdSchema.safeParse(rest)
    return parsed.success ? { kind, terminalId: parsed.data } : null
  }
  return null
}
