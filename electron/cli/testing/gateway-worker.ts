import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import type { VerbName } from '../../../shared/agent-verbs/verbs.ts'
import { verbs } from '../../../shared/agent-verbs/verbs.ts'
import { callVerb } from '../call-verb.ts'

// An agent's worker in a process of its own, through the gateway: takes up what its session has begun, then claims and hands
// in until nothing is ready. Prints a line for each task that was taken of it, and in the end how long each call took. It
// asks on under the same request id while the app is away.

const { SWITCHYARD_TOKEN: token = '', SWITCHYARD_GATEWAY_FILE: file = '' } = process.env
const door = {
  findToken: () => token,
  headers: {},
  findUrl: () => (existsSync(file) ? readFileSync(file, 'utf8').trim() || null : null),
}
const times: number[] = []

const ask = async (name: VerbName, input: Record<string, unknown>) => {
  const requestId = randomUUID()
  for (;;) {
    const begun = performance.now()
    const called = await callVerb(door, { name, input, requestId })
    times.push(performance.now() - begun)
    if (called.kind === 'answered') return called.answer
    // Whoever started it is gone, and the app with it.
    if (process.ppid === 1) process.exit(1)
  }
}

const handIn = async (task: { readonly id: string; readonly key: string }, epoch: number) => {
  const said = await ask('submit', { task: task.id, epoch, summary: `by ${process.pid}` })
  if (said.ok) process.stdout.write(`${JSON.stringify({ key: task.key, epoch })}\n`)
}

const who = await ask('whoami', {})
if (!who.ok) throw new Error(who.refusal.message)
for (const { task, attempt } of verbs.whoami.output.parse(who.value).work)
  if (attempt.state !== 'submitted') await handIn(task, attempt.epoch)
for (;;) {
  const claimed = await ask('claim', {})
  if (!claimed.ok) break
  const { task, attempt } = verbs.claim.output.parse(claimed.value)
  await handIn(task, attempt.epoch)
}
process.stdout.write(`${JSON.stringify({ times })}\n`)
