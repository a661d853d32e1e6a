import { describe, expect, it } from 'vitest'
import { sessionIdSchema, terminalIdSchema } from '../../../shared/lib/ids.ts'
import { parseViewId, sessionView, shellView } from './view-ids.ts'

const sessionId = sessionIdSchema.parse('ses_01ARZ3NDEKTSV4RRFFQ69G5FAV')
const terminalId = terminalIdSchema.parse('trm_01ARZ3NDEKTSV4RRFFQ69G5FAV')

describe('the id of a view', () => {
  it('names a session or a shell and can be read back', () => {
    expect(parseViewId(sessionView(sessionId))).toEqual({ kind: 'session', sessionId })
    expect(parseViewId(shellView(terminalId))).toEqual({ kind: 'shell', terminalId })
  })

  it('is refused when it is none', () => {
    for (const id of ['', 'session', 'session:', 'session:x', `shell:${sessionId}`, `board:${sessionId}`])
      expect(parseViewId(id)).toBeNull()
  })
})
