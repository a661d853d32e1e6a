import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import type { AgentWake } from './agent-adapter.ts'
import { findClaudeInbox } from './claude-files.ts'

/** It is on this machine and takes a line; whatever takes longer does not listen. */
const longestSendMs = 2000

/**
 * Puts a text into the inbox in which Claude Code takes messages of other sessions: an idle session begins a turn with it,
 * one at work sees it within its turn, and what the person is typing is left alone. It is shown as a message, and the model
 * is told that it does not come from its user. The line is the one the CLI itself sends to another session.
 */
export const wakeClaude = async ({ readText, ...session }: AgentWake): Promise<boolean> => {
  const path = await findClaudeInbox(session)
  const text = path === null ? null : await readText()
  return path !== null && text !== null && send(path, inboxLine(text, randomUUID()))
}

export const inboxLine = (text: string, id: string): string => {
  const content = `<cross-session-message from-name="Switchyard" from-mode="prompting">\n${text}\n</cross-session-message>`
  const line = { msgV: 1, msg_id: id, type: 'user', message: { role: 'user', content }, priority: 'next' }
  return `${JSON.stringify(line)}\n`
}

const send = (path: string, line: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ path, timeout: longestSendMs })
    const fail = () => {
      socket.destroy()
      resolve(false)
    }
    socket.on('timeout', fail)
    socket.on('error', fail)
    socket.on('connect', () => {
      socket.end(line, () => resolve(true))
    })
  })
