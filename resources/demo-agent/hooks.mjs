import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

const answerWithinMs = 2000
const askAgainMs = 1000

/** Tells Switchyard what happens, in the words of Claude Code's hooks. Without Switchyard nothing is told. */
export function createHooks({ gatewayFile, token, common }) {
  // In a file, because the app may listen at another place after it was started again.
  const findGateway = () => (gatewayFile ? readFile(gatewayFile, 'utf8').catch(() => '') : '')
  const post = async (event, fields, { signal, timeout }) => {
    const gateway = await findGateway()
    return new Promise((resolve) => {
      if (!gateway || !token) return resolve(null)
      const body = JSON.stringify({ ...common, hook_event_name: event, ...fields })
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      }
      // Node's shared agent ends a request that is silent for five seconds; an ask is silent until somebody answers.
      const options = { method: 'POST', headers, signal, timeout, agent: false }
      const sent = request(`${gateway.trim()}/hook`, options, (response) => {
        const chunks = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('error', () => resolve(null))
        // Whoever keeps the port while the app is away answers too, and says so.
        const isHeard = response.statusCode === 200 && response.headers['switchyard-away'] === undefined
        response.on('end', () => resolve(isHeard ? parse(Buffer.concat(chunks).toString()) : null))
      })
      sent.on('timeout', () => sent.destroy())
      sent.on('error', () => resolve(null))
      sent.end(body)
    })
  }

  let newest = 0
  /** The newest event says what is true now, so it is sent until it arrives; older ones do not matter then. */
  const sendAgain = async (event, fields, number) => {
    while (number === newest) {
      await pause(askAgainMs, undefined, { ref: false })
      if (number !== newest || (await post(event, fields, { timeout: answerWithinMs }))) return
    }
  }

  return {
    /** Waits at most two seconds: an app that is gone holds nobody up. */
    async tell(event, fields = {}) {
      const number = (newest += 1)
      if (!(await post(event, fields, { timeout: answerWithinMs }))) void sendAgain(event, fields, number)
    },
    /**
     * Waits until somebody answers there, or the signal says that it was answered here; null then. An app that is closed
     * and started again is asked again.
     */
    async ask(fields, signal) {
      while (!signal.aborted) {
        const decision = (await post('PermissionRequest', fields, { signal }))?.hookSpecificOutput?.decision
        if (decision) return decision
        await pause(askAgainMs, undefined, { signal }).catch(() => undefined)
      }
      return null
    },
  }
}

function parse(text) {
  // Expects SyntaxError: whatever listens on that port now may be no Switchyard.
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
