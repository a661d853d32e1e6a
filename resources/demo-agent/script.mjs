import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'

const folder = 'switchyard-demo'
/** Long enough to be seen working, short enough to be watched. A test may make it shorter. */
const stepMs = Number(process.env.SWITCHYARD_DEMO_STEP_MS ?? 900)

/** One turn: looks around, says what it will do, edits two files (asking first), and says what it did. */
export async function playTurn({ prompt, screen, hooks, memory, asks }) {
  // Noted before anything is done: a conversation that was begun can be resumed whenever it is cut off.
  const turn = memory.begin({ prompt: firstLine(prompt), outcome: 'Interrupted.' })
  screen.line()
  await hooks.tell('UserPromptSubmit', { prompt })
  await screen.think('Reading the folder', stepMs)
  const names = readdirSync('.').filter((name) => !name.startsWith('.'))
  screen.says(
    `I see ${names.length} ${names.length === 1 ? 'entry' : 'entries'} here. I will write a plan and note it down.`,
  )

  const edits = [
    { path: join(folder, 'PLAN.md'), lines: planOf(prompt) },
    { path: join(folder, 'NOTES.md'), lines: [`- ${firstLine(prompt)}`] },
  ]
  const done = []
  let isWider = !asks
  for (const edit of edits) {
    const outcome = await applyEdit({ edit, screen, hooks, isAllowed: isWider })
    if (outcome === 'denied') break
    isWider ||= outcome === 'allowed-all'
    done.push(edit.path)
  }
  const outcome = done.length === 0 ? 'Changed nothing.' : `Changed ${done.join(' and ')}. Nothing was committed.`
  screen.says(outcome)
  screen.line()
  turn.finish({ outcome })
  await hooks.tell('Stop', { last_assistant_message: outcome, background_tasks: [] })
}

async function applyEdit({ edit, screen, hooks, isAllowed }) {
  const content = `${existsSync(edit.path) ? readFileSync(edit.path, 'utf8') : ''}${edit.lines.join('\n')}\n`
  const call = {
    tool_name: 'Write',
    tool_input: { file_path: join(process.cwd(), edit.path), content },
    tool_use_id: `demo_${randomUUID()}`,
  }
  await screen.think(`Preparing ${edit.path}`, stepMs)
  await hooks.tell('PreToolUse', call)
  screen.tool('Write', edit.path)
  const verdict = isAllowed ? { answer: 'allow' } : await askForEdit({ edit, call, screen, hooks })
  if (verdict.answer === 'deny') {
    screen.refused(verdict.note ?? 'Not allowed. I leave it as it is.')
    await hooks.tell('PostToolBatch', { tool_calls: [] })
    return 'denied'
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(edit.path, content)
  screen.changes(edit.lines)
  screen.result(`${edit.lines.length} ${edit.lines.length === 1 ? 'line' : 'lines'} written`)
  await hooks.tell('PostToolUse', { ...call, tool_response: { type: 'create' } })
  return verdict.isWider ? 'allowed-all' : 'allowed'
}

/** Asks in the terminal and in Switchyard at once; whoever answers first wins, and the other one is taken back. */
async function askForEdit({ edit, call, screen, hooks }) {
  const dialog = screen.ask(`May I write ${edit.path}?`)
  const held = new AbortController()
  const { tool_use_id: _unnamed, ...asked } = call
  const wider = { type: 'setMode', mode: 'acceptEdits', destination: 'session' }
  const there = hooks.ask({ ...asked, permission_suggestions: [wider] }, held.signal)
  // No answer from there (no app, or it ended) leaves the question to the terminal.
  const first = await Promise.race([
    dialog.answer.then((answer) => ({ where: 'here', answer })),
    there.then((decision) => (decision ? { where: 'there', decision } : new Promise(() => undefined))),
  ])
  if (first.where === 'here') {
    held.abort()
    screen.result(first.answer === 'allow' ? 'Allowed here' : 'Denied here')
    return { answer: first.answer }
  }
  dialog.withdraw()
  const { behavior, message, updatedPermissions } = first.decision
  screen.result(behavior === 'allow' ? 'Allowed in Switchyard' : 'Denied in Switchyard')
  return {
    answer: behavior === 'allow' ? 'allow' : 'deny',
    note: message,
    isWider: Boolean(updatedPermissions?.length),
  }
}

const firstLine = (text) => text.trim().split('\n')[0].slice(0, 200)

const planOf = (prompt) => [
  `# ${firstLine(prompt)}`,
  '',
  '1. Read what is there.',
  '2. Make the smallest change that does it.',
  '3. Say what was done and what was not.',
  '',
]
