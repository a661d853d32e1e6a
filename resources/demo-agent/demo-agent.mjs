// A small scripted agent, so that everything can be tried without an account: it greets, reads a prompt, edits files in
// its folder (really), asks before it does, and waits for the next prompt. It tells Switchyard what it does by the same
// hooks as Claude Code.
//   node demo-agent.mjs --conversation ID --state FILE [--resume] [--prompt TEXT] [--permission-mode MODE]
import { createHooks } from './hooks.mjs'
import { createMemory } from './memory.mjs'
import { createScreen } from './screen.mjs'
import { playTurn } from './script.mjs'

const options = readOptions(process.argv.slice(2))
const memory = createMemory(options.state)
const screen = createScreen({ input: process.stdin, output: process.stdout })
const hooks = createHooks({
  gatewayFile: process.env.SWITCHYARD_GATEWAY_FILE,
  token: process.env.SWITCHYARD_TOKEN,
  common: { session_id: options.conversation, cwd: process.cwd(), permission_mode: options.permissionMode },
})

let isEnding = false
async function end(reason) {
  if (isEnding) return
  isEnding = true
  await hooks.tell('SessionEnd', { reason })
  screen.close()
  process.exit(0)
}
screen.onEnd(() => void end('prompt_input_exit'))
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => void end('other'))

const past = options.resume ? memory.read() : []
screen.greet(past)
await hooks.tell('SessionStart', { source: options.resume ? 'resume' : 'startup' })

let prompt = options.prompt
if (prompt) screen.said(prompt)
for (;;) {
  prompt ??= await screen.readPrompt()
  if (/^\/?(exit|quit)$/i.test(prompt.trim())) break
  if (prompt.trim() !== '')
    await playTurn({ prompt, screen, hooks, memory, asks: options.permissionMode !== 'acceptEdits' })
  prompt = undefined
}
await end('prompt_input_exit')

function readOptions(args) {
  const valueOf = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined)
  return {
    conversation: valueOf('--conversation') ?? 'demo',
    state: valueOf('--state'),
    prompt: valueOf('--prompt'),
    permissionMode: valueOf('--permission-mode') ?? 'default',
    resume: args.includes('--resume'),
  }
}
