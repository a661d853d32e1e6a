import BetterSqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { verbNames, type VerbName } from '../../../../shared/agent-verbs/verbs.ts'
import { openHookLab, type HookLab } from '../../testing/hook-lab.ts'

// What agents do comes many times a second, for years: none of it may read all there ever was. The plans are of the
// statements that were really sent; without statistics, which are never made, they are the same for any number of rows.

let lab: HookLab
const sent = new Set<string>()
beforeEach(async () => {
  sent.clear()
  const prepare = BetterSqlite.prototype.prepare
  vi.spyOn(BetterSqlite.prototype, 'prepare').mockImplementation(function (this: BetterSqlite.Database, sql: string) {
    sent.add(sql)
    return prepare.call(this, sql)
  })
  lab = await openHookLab()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await lab.close()
})

/** Tables with a row for each session, project or setting: what a person has made is read whole. */
const small = [
  'sessions',
  'projects',
  'worktrees',
  'agents',
  'settings',
  'meta',
  'dispatch',
  'reports',
  'guard_outages',
]
/** A circle is looked for among all the dependencies of a project, when one is added. */
const seldom = /FROM task_deps d JOIN tasks t ON t\.id = d\.task_id WHERE t\.project_id = \?/

/** The steps of a plan that go over a whole table, or over all of a project that there ever was. */
const wideSteps = (database: BetterSqlite.Database, sql: string): string[] => {
  const tableOf = new Map(
    [
      ...sql.matchAll(
        /\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)(?:\s+AS)?(?:\s+(?!WHERE|ON|SET|ORDER|JOIN|CROSS|USING)(\w+))?/gi,
      ),
    ].flatMap(([, table = '', alias]) => [[alias ?? table, table] as const, [table, table] as const]),
  )
  const partial = database
    .prepare<[], { name: string }>(`SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '%WHERE%'`)
    .all()
    .map(({ name }) => name)
  const values = Array.from(sql.matchAll(/\?/g), () => null)
  const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { readonly detail: string }[]
  // What is read in the order of an index up to a limit is not read whole.
  if (/ LIMIT /.test(sql) && !steps.some(({ detail }) => detail.includes('TEMP B-TREE') || /^SCAN \w+$/.test(detail)))
    return []
  return steps.flatMap(({ detail }) => {
    const [, how, name = ''] = /^(SCAN|SEARCH) (\w+)/.exec(detail) ?? []
    const table = tableOf.get(name)
    const index = /INDEX (\w+)/.exec(detail)?.[1] ?? ''
    if (table === undefined || small.includes(table) || partial.includes(index)) return []
    return how === 'SCAN' || detail.endsWith('(project_id=?)') ? [`${detail} IN ${sql.replaceAll(/\s+/g, ' ')}`] : []
  })
}
const statements = () => [...sent].filter((sql) => /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i.test(sql))
const planOf = (database: BetterSqlite.Database, holds: RegExp) =>
  statements()
    .filter((sql) => holds.test(sql))
    .map((sql) => {
      const values = Array.from(sql.matchAll(/\?/g), () => null)
      const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { readonly detail: string }[]
      return steps.map(({ detail }) => detail).join('; ')
    })

/** Every verb once with success, as a session and as the person, and every hook. */
const doEverything = async () => {
  const { anna, bert, does, hook, runAsPerson } = lab
  const { task } = await does(anna, 'tasks.create', { title: 'One' })
  const { task: second } = await does(anna, 'tasks.create', { title: 'Two', dependsOn: [task.key] })
  await does(anna, 'tasks.depend', { task: second.key, on: task.key, kind: 'related' })
  await does(anna, 'claim')
  await does(anna, 'lease.acquire', { targets: ['a'], policy: 'enforce' })
  const { waiterId } = await does(bert, 'lease.acquire', { targets: ['a'], policy: 'enforce', wait: true })
  const inSession: readonly [VerbName, object][] = [
    ['checkpoint', { summary: 'Half' }],
    ['tasks.comment', { body: 'Note' }],
    ['tasks.update', { title: 'Other' }],
    ['tasks.show', {}],
    ['report', { text: 'Working' }],
    ['ask-human', { question: 'Which?' }],
    ['lease.check', { paths: ['a'] }],
    ['mail.send', { to: ['role:reviewer', 'person'], subject: 'Hi', body: 'x' }],
    ['mail.inbox', { all: true }],
  ]
  for (const [name, input] of inSession) await does(anna, name, input)
  const { id, threadId } = await does(bert, 'mail.send', {
    to: ['@anna', 'everyone'],
    subject: 'Hi',
    body: 'x',
    priority: 'urgent',
  })
  await does(anna, 'mail.read', { message: id })
  await does(anna, 'mail.send', { replyTo: id, body: 'y' })
  await does(anna, 'mail.thread', { message: threadId })
  await does(anna, 'mail.ack', { messages: [id] })
  const events = [
    'SessionStart',
    'UserPromptSubmit',
    'Stop',
    'SubagentStart',
    'SubagentStop',
    'PreCompact',
    'PostCompact',
  ]
  for (const event of events)
    await hook(bert, event, { source: 'startup', prompt: 'x', agent_id: 'a1', agent_type: 'x', trigger: 'auto' })
  for (const path of ['a', 'b', '../anna/c']) await lab.before(bert, `/trees/bert/${path}`)
  await lab.after(bert, '/trees/bert/b')
  await lab.after(bert, '/trees/bert/d', 'toolu_9')
  await does(anna, 'lease.release')
  await does(bert, 'lease.wait', { waiterId: waiterId!, seconds: 1 })
  for (const name of verbNames) await lab.run(anna, name, {})
  await does(anna, 'submit', { summary: 'Done' })
  for (const name of verbNames) await runAsPerson(name, {})
  const byHand: readonly [VerbName, object][] = [
    ['tasks.create', { title: 'By hand' }],
    ['claim', {}],
    ['renew', {}],
    ['mail.inbox', { all: true }],
    ['submit', { summary: 'Done', headSha: 'a'.repeat(40) }],
  ]
  for (const [name, input] of byHand) expect(await runAsPerson(name, input), name).toMatchObject({ ok: true })
}

describe('the statements of verbs and hooks', () => {
  it('read no table whole, and nothing of a project that there ever was', async () => {
    await doEverything()
    const database = new BetterSqlite(lab.kernel.database.path, { readonly: true })
    expect(statements().length).toBeGreaterThan(80)
    expect(
      statements()
        .filter((sql) => !seldom.test(sql))
        .flatMap((sql) => wideSteps(database, sql)),
    ).toEqual([])
    const inbox = planOf(database, /recipient_kind = 'person'/)
    expect(inbox.length).toBeGreaterThan(2)
    for (const plan of inbox) expect(plan).toMatch(/INDEX deliveries_(open_)?of_person/)
    const ofProcess = planOf(database, /json_extract\(a\.process/)
    expect(ofProcess.length).toBeGreaterThan(1)
    for (const plan of ofProcess) expect(plan).toContain('INDEX attempts_of_process')
    // What would be wide is seen as such.
    expect(wideSteps(database, 'SELECT * FROM messages m WHERE body = ?')).toHaveLength(1)
    expect(wideSteps(database, 'SELECT * FROM deliveries WHERE project_id = ?')).toHaveLength(1)
    database.close()
  })
})
