import type { Tx } from '../db/tx.ts'
import type { Identity } from './identity.ts'

/** Answers are kept a day: longer than any client tries again. */
export const answerKeptMs = 24 * 60 * 60 * 1000

interface Request {
  readonly name: string
  readonly by: Identity
  readonly requestId?: string
}

/**
 * A session's requests are its own: another one that happens on the same id must not be told what the first one won. The
 * person is one, whatever window speaks.
 */
const keyOf = ({ by, requestId = '' }: Request): string =>
  by.kind === 'session' ? `session:${by.id}:${requestId}` : `${by.kind}:${requestId}`

/** The answer a command gave to this request before, if it did. */
export const findAnswer = async <Answer>(tx: Tx, request: Request): Promise<Answer | undefined> => {
  const row = await tx.get<{ answer: string }>(
    'SELECT answer FROM answers WHERE request_id = ? AND command = ?',
    keyOf(request),
    request.name,
  )
  return row ? (JSON.parse(row.answer) as Answer) : undefined
}

export const keepAnswer = async (tx: Tx, request: Request, answer: unknown, now: number): Promise<void> => {
  await tx.run(
    'INSERT INTO answers (request_id, command, answer, at) VALUES (?, ?, ?, ?)',
    keyOf(request),
    request.name,
    JSON.stringify(answer),
    now,
  )
}

export const dropOldAnswers = async (tx: Tx, now: number): Promise<void> => {
  await tx.run('DELETE FROM answers WHERE at < ?', now - answerKeptMs)
}
