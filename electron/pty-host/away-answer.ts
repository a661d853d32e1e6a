import { awayHeader } from '../../shared/agent-verbs/command-door.ts'

/**
 * What an agent is told while the app is away. A hook gets the answer that decides nothing: any other one puts an error into
 * the agent's conversation at each event. Everybody else is told that nothing was done.
 */
export const awayAnswerTo = (firstBytes: Buffer): string =>
  firstBytes.subarray(0, hookLine.length).toString('latin1') === hookLine
    ? httpAnswer('200 OK', '{}')
    : httpAnswer('503 Service Unavailable', JSON.stringify({ ok: false, error: refusal.code, refusal }))

const hookLine = 'POST /hook '

const refusal = {
  code: 'UNAVAILABLE',
  message: 'Switchyard is closed, so nothing was done. Go on with your work and try again later.',
}

const httpAnswer = (status: string, body: string) =>
  [
    `HTTP/1.1 ${status}`,
    `${awayHeader}: 1`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'connection: close',
    '',
    body,
  ].join('\r\n')
