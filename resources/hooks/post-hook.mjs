// Passes what an agent tells on standard input to Switchyard and prints the answer. Fixed, so that agents which ask
// before they run a new hook ask once; who speaks is said by the environment. Never fails: a missing app is no news.
//   node post-hook.mjs [--silent]     --silent: print nothing (as a status line, whose output would be shown)
import { readFileSync } from 'node:fs'
import { request } from 'node:http'

const { SWITCHYARD_GATEWAY_FILE: file, SWITCHYARD_TOKEN: token } = process.env
const isSilent = process.argv.includes('--silent')
const giveUpMs = 2000

const chunks = []
process.stdin.on('data', (chunk) => chunks.push(chunk))
process.stdin.on('end', () => {
  if (file && token) post(Buffer.concat(chunks))
})

// In a file, because the app may listen at another place after it was started again.
function gateway() {
  // Expects ENOENT: the data folder was removed.
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return null
  }
}

function post(body) {
  const url = gateway()
  if (!url) return
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': body.length,
  }
  const sent = request(`${url}/hook`, { method: 'POST', headers, timeout: giveUpMs }, (response) => {
    const answer = []
    response.on('data', (chunk) => answer.push(chunk))
    response.on('end', () => {
      const text = Buffer.concat(answer).toString()
      if (!isSilent && response.statusCode === 200 && text !== '{}') process.stdout.write(text)
    })
  })
  sent.on('timeout', () => sent.destroy())
  sent.on('error', () => undefined)
  sent.end(body)
}
