import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Database } from '../backend/db/database.ts'
import type { Tx } from '../backend/db/tx.ts'
import { openHookLab, type HookLab } from '../backend/testing/hook-lab.ts'
import type { TestSession } from '../backend/testing/test-sessions.ts'
import { sendTo, startTestGateway, type TestGateway } from './testing.ts'

// A session may have any number of messages waiting: what one hook reads, writes and says of them is bounded, so that an
// agent waits no longer for its next step than with a few.

const messages = Number(process.env['SWITCHYARD_TEST_MESSAGES'] ?? 10_000)
/** A text holds some forty messages of a few rows each, beside what any hook looks at. One that read all would read 10,000. */
const mostRows = 1000
const mostText = 8000

let lab: HookLab
let door: TestGateway
let carol: TestSession
const counted = { rows: 0, writes: 0 }

const counting = (tx: Tx): Tx => ({
  get: async <Row>(sql: string, ...values: never[]) => {
    counted.rows += 1
    return tx.get<Row>(sql, ...values)
  },
  all: async <Row>(sql: string, ...values: never[]) => {
    const rows = await tx.all<Row>(sql, ...values)
    counted.rows += rows.length
    return rows
  },
  run: (sql, ...values) => {
    counted.writes += 1
    return tx.run(sql, ...values)
  },
})
const count = (database: Database) => {
  const { writer, read } = database
  Object.assign(database, {
    writer: counting(writer),
    read: (work: (tx: Tx) => Promise<unknown>) => read((tx) => work(counting(tx))),
  })
}

/** Rows like one that was sent, by the thousand; each with an id of its own. */
const multiply = async (tx: Tx, table: string, ids: readonly string[]) => {
  const columns = (await tx.all<{ name: string }>(`PRAGMA table_info(${table})`)).map(({ name }) => name)
  // The same prefix as the real one and the number at the end: ids of 26 letters after the prefix.
  const values = columns.map((name) => (ids.includes(name) ? `substr(${name}, 1, 24) || printf('%06d', n.i)` : name))
  await tx.run(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
     INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')} FROM ${table}, n`,
    messages - 1,
  )
}

beforeAll(async () => {
  lab = await openHookLab()
  count(lab.kernel.database)
  door = await startTestGateway()
  carol = await lab.add('Carol')
  const { signal } = new AbortController()
  door.handleHook = async (_from, body) => {
    const answer = await lab.hooks.handleHook(carol, body, signal)
    door.sent = () => answer.sent?.()
    return answer.body
  }
  await lab.does(lab.anna, 'mail.send', { to: ['@carol'], subject: 'Parser', body: 'x'.repeat(300), needsAck: true })
  const tx = lab.kernel.database.writer
  await multiply(tx, 'messages', ['id'])
  await multiply(tx, 'deliveries', ['id', 'message_id'])
})
afterAll(async () => {
  await door.gateway.close()
  await lab.close()
})
beforeEach(() => Object.assign(counted, { rows: 0, writes: 0 }))

const hook = async (event: string, fields: object = {}) => {
  const cwd = await lab.folderOf(carol)
  const common = { session_id: '11111111-2222-4333-8444-555555555555', permission_mode: 'default', cwd }
  Object.assign(counted, { rows: 0, writes: 0 })
  const begun = performance.now()
  const { status, text } = await sendTo(door.gateway, {
    body: JSON.stringify({ ...common, hook_event_name: event, ...fields }),
  })
  const ms = performance.now() - begun
  await lab.settle()
  expect(status).toBe(200)
  return { ms, text, rows: counted.rows, writes: counted.writes }
}

const openOnes = async () =>
  (
    await lab.kernel.database.read((tx) =>
      tx.get<{ n: number }>(
        'SELECT count(*) AS n FROM deliveries WHERE session_id = ? AND ended_at IS NULL',
        carol.sessionId,
      ),
    )
  )?.n

it(`one hook says, reads and writes a bounded part of ${messages} messages, and the next one goes on`, async () => {
  expect(await openOnes()).toBe(messages)
  const times: number[] = []
  const seen = new Set<string>()
  for (let turn = 0; turn < 30; turn += 1) {
    const said = await hook(turn % 2 === 0 ? 'UserPromptSubmit' : 'PostToolUse', {
      prompt: 'Go on',
      tool_name: 'Read',
      tool_input: {},
      tool_use_id: `toolu_${turn}`,
    })
    expect(said.text.length).toBeLessThan(2 * mostText)
    expect(said.rows).toBeLessThan(mostRows)
    expect(said.writes).toBeLessThan(mostRows)
    const ids = said.text.match(/msg_[0-9A-Z]{26}/g) ?? []
    expect(ids.length).toBeGreaterThan(0)
    for (const id of ids) seen.add(id)
    times.push(said.ms)
  }
  expect(seen.size).toBeGreaterThan(30)
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1)
  process.stdout.write(
    `${messages} messages: a hook took ${at(0.5)} ms in the median, ${at(1)} ms at most, of ${sorted.length}\n`,
  )
})

it(`a process that follows one to which all ${messages} were handed takes them over in bounded parts`, async () => {
  await lab.kernel.database.writer.run(
    `UPDATE deliveries SET state = 'injected', incarnation_id = ?, times = 1, injected_at = 1, seen_at = 1, due_at = NULL
     WHERE session_id = ? AND ended_at IS NULL`,
    carol.incarnationId,
    carol.sessionId,
  )
  await lab.sessions.end(carol.sessionId)
  carol = await lab.sessions.begin(carol.sessionId)
  for (let turn = 0; turn < 3; turn += 1) {
    const said = await hook('UserPromptSubmit', { prompt: 'Go on' })
    process.stdout.write(`after a new start: ${said.rows} rows, ${said.writes} writes, ${said.ms.toFixed(1)} ms\n`)
    expect(said.text).toMatch(/msg_[0-9A-Z]{26}/)
    expect(said.rows).toBeLessThan(mostRows)
    expect(said.writes).toBeLessThan(mostRows)
  }
})
