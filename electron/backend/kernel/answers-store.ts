import type { Tx } from '../db/tx.ts'

/** Answers are kept a day: longer than any client tries again. */
export const answerKeptMs = 24 * 60 * 60 * 1000

interface Request {
  readonly name: string
  readonly requestId?: string
}

/** The answer a command gave to this request before, if it did. */
export const findAnswer = async <Answer>(tx: Tx, request: Request): Promise<Answer | undefined> => {
  const row = await tx.get<{ answer: string }>(
    'SELECT answer FROM answers WHERE request_id = ? AND command = ?',
    request.requestId ?? '',
    request.name,
  )
  return row ? (JSON.parse(row.answer) as Answer) : undefined
}

export const keepAnswer = async (tx: Tx, request: Request, answer: unknown, now: number): Promise<void> => {
  await tx.run('DELETE FROM answers WHERE at < ?', now - answerKeptMs)
  await tx.run(
    'INSERT INTO answers (request_id, command, answer, at) VALUES (?, ?, ?, ?)',
    request.requestId ?? '',
    request.name,
    JSON.stringify(answer),
    now,
  )
}
