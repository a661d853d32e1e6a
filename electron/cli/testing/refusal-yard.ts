import Database from 'better-sqlite3'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { folderHeader, processHeader } from '../../../shared/agent-verbs/command-door.ts'
import type { ApiClient } from '../../../shared/contract/api.ts'
import type { Project } from '../../../shared/contract/projects.ts'
import type { VerbAnswer } from '../../../shared/agent-verbs/verb-answer.ts'
import type { VerbArguments, VerbName, VerbOutput } from '../../../shared/agent-verbs/verbs.ts'
import type { CliWorld } from '../cli-world.ts'
import { runCli } from '../run-cli.ts'
import { createWorld } from '../testing.ts'
import type { Scene } from './refused-inputs.ts'

export type RefusalYard = Awaited<ReturnType<typeof openRefusalYard>>

interface Member {
  readonly id: string
  readonly environment: Record<string, string>
}

/** The app, as its own tests open it, and what is told of its tools. */
interface YardParts {
  readonly yard: {
    readonly dataDir: string
    readonly home: string
    readonly repository: string
    start(): Promise<ApiClient>
    stop(): Promise<void>
    addSession(title: string, at?: Project): Promise<Member>
    close(): Promise<void>
  }
  readonly entries: CliWorld['entries']
  readonly tools: readonly { readonly name: string; readonly actions: Readonly<Record<string, string>> }[]
}

/** What was answered by a door; the exit code where it was a command. */
export interface Heard {
  readonly answer: VerbAnswer
  readonly exitCode: number | null
}
export type Door = (name: VerbName, input: Readonly<Record<string, unknown>>) => Promise<Heard>

/** The whole app with two sessions at work and a second project, all that agents and people share, and every door to it. */
export const openRefusalYard = async ({ yard, entries, tools }: YardParts) => {
  const [anna, bert] = [await yard.addSession('Anna'), await yard.addSession('Bert')]
  const foreign = join(yard.home, 'ledger')
  execFileSync('git', ['clone', '--quiet', yard.repository, foreign], { env: { PATH: process.env['PATH'] } })
  const client = await yard.start()
  const cleo = await yard.addSession('Cleo', await client.projects.open({ path: foreign, initialise: false }))

  const url = () => readFileSync(join(yard.dataDir, 'sessions', 'gateway'), 'utf8')
  const post = async (path: string, headers: Record<string, string>, body: string) => {
    const response = await fetch(`${url()}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      body,
    })
    return response.json()
  }
  const tokenOf = (member: Member) => member.environment['SWITCHYARD_TOKEN'] ?? ''
  const asSession = (member: Member) => ({ authorization: `Bearer ${tokenOf(member)}` })
  const asPerson = (folder = yard.repository) => ({
    authorization: `Bearer ${readFileSync(join(yard.dataDir, 'command-token'), 'utf8')}`,
    [folderHeader]: Buffer.from(folder).toString('base64url'),
    [processHeader]: String(process.pid),
  })
  const byHttp =
    (headers: () => Record<string, string>): Door =>
    async (name, input) => ({
      answer: (await post(`/verb/${name}`, headers(), JSON.stringify(input))) as VerbAnswer,
      exitCode: null,
    })
  const byMcp: Door = async (name, input) => {
    const params = mcpCallOf(tools, name, input)
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params }
    const { result } = (await post('/mcp', asSession(anna), JSON.stringify(call))) as {
      result: { isError: boolean; content: [{ text: string }] }
    }
    const [, message = '', code = ''] = /^([^\n]*) \((\w+)\)(\n|$)/.exec(result.content[0].text) ?? []
    return {
      answer: result.isError ? { ok: false, refusal: { code, message } } : { ok: true, value: {} },
      exitCode: null,
    }
  }
  const byCommand =
    (environment: () => Record<string, string | undefined>): Door =>
    async (name, input) => {
      const { world, said } = createWorld(environment(), yard.home)
      const exitCode = await runCli(argvOf(name, input), { ...world, entries, folder: yard.repository })
      return { answer: JSON.parse(said.out) as VerbAnswer, exitCode }
    }
  const does = async <Name extends VerbName>(who: Member, name: Name, input: VerbArguments<Name>) => {
    const { answer } = await byHttp(() => asSession(who))(name, input)
    if (!answer.ok) throw new Error(`${name}: ${answer.refusal.message}`)
    return answer.value as VerbOutput<Name>
  }
  const watch = watchDatabase(join(yard.dataDir, 'switchyard.db'))
  return {
    ...yard,
    anna,
    bert,
    does,
    refused: async (who: Member, name: VerbName, input: Readonly<Record<string, unknown>>) => {
      const { answer } = await byHttp(() => asSession(who))(name, input)
      if (answer.ok) throw new Error(`${name} was not refused.`)
      return answer.refusal
    },
    url,
    post,
    asSession,
    asPerson,
    tokenOf,
    byHttp,
    byMcp,
    byCommand,
    personEnvironment: () => ({ PATH: process.env['PATH'], SWITCHYARD_DATA: yard.dataDir }),
    /** Everything that the rows of refused inputs speak of. */
    prepare: () => prepareScene({ anna, bert, cleo, client, does }),
    ...watch,
    close: async () => {
      watch.closeWatch()
      await yard.close()
    },
  }
}

interface SceneParts {
  readonly anna: Member
  readonly bert: Member
  readonly does: <Name extends VerbName>(
    who: Member,
    name: Name,
    input: VerbArguments<Name>,
  ) => Promise<VerbOutput<Name>>
  readonly cleo: Member
  readonly client: ApiClient
}

const prepareScene = async ({ anna, bert, cleo, client, does }: SceneParts): Promise<Scene> => {
  const create = async (input: VerbArguments<'tasks.create'>) => (await does(anna, 'tasks.create', input)).task.key
  const open = await create({ title: 'Open' })
  const draft = await create({ title: 'Draft', draft: true })
  const forPoets = await create({ title: 'For poets', role: 'poet' })
  const waiting = await create({ title: 'Waiting', dependsOn: [open] })
  const { task: ended } = await does(anna, 'tasks.create', { title: 'Ended' })
  await client.tasks.cancel({ taskId: ended.id, reason: 'Not wanted' })
  const past = await create({ title: 'Past' })
  await does(anna, 'claim', { task: past })
  await does(anna, 'release', { reason: 'Not for me' })
  await does(bert, 'claim', { task: past })
  await does(bert, 'renew', {})
  await does(bert, 'lease.acquire', { targets: ['hot.ts'], policy: 'enforce' })
  await does(anna, 'lease.acquire', { targets: ['anna.ts'], policy: 'enforce' })
  for (const folder of ['a', 'b', 'c', 'd', 'e', 'f'])
    await does(anna, 'lease.acquire', { targets: Array.from({ length: 30 }, (_, n) => `own/${folder}/${n}.ts`) })
  const { waiterId } = await does(bert, 'lease.acquire', { targets: ['anna.ts'], policy: 'enforce', wait: true })
  const { leases } = await does(bert, 'lease.list', { mine: true })
  const mail = await does(bert, 'mail.send', { to: ['person'], subject: 'Mine', body: 'x' })
  await does(cleo, 'lease.acquire', { targets: ['resource:port:5173'] })
  const { task: foreignTask } = await does(cleo, 'tasks.create', { title: 'There' })
  const foreignMail = await does(cleo, 'mail.send', { to: ['person'], subject: 'There', body: 'x' })
  return {
    open,
    draft,
    forPoets,
    waiting,
    past,
    ended: ended.key,
    foreignTask: foreignTask.id,
    heldLease: leases[0]?.id ?? '',
    waiterOfOther: waiterId ?? '',
    mailOfOther: mail.id,
    threadOfOther: mail.threadId,
    foreignMail: foreignMail.id,
    self: anna.id,
  }
}

/** As a client calls the tool that has this verb. */
const mcpCallOf = (tools: YardParts['tools'], name: VerbName, input: Readonly<Record<string, unknown>>) => {
  const [found] = tools.flatMap((tool) =>
    Object.entries(tool.actions).flatMap(([action, verb]) => (verb === name ? [{ tool: tool.name, action }] : [])),
  )
  return { name: found?.tool, arguments: found?.action === '' ? input : { action: found?.action, ...input } }
}

/** As it is typed, every input by its flag. */
const argvOf = (name: VerbName, input: Readonly<Record<string, unknown>>): string[] => {
  const flags = Object.entries(input).flatMap(([key, value]) => {
    const flag = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    if (typeof value === 'boolean') return [value ? flag : flag.replace('--', '--no-')]
    return (Array.isArray(value) ? value : [value]).map((one) => `${flag}=${String(one)}`)
  })
  return [...name.split('.'), ...flags, '--json']
}

/** Whatever agents and people share. */
const shared = [
  'tasks',
  'task_deps',
  'attempts',
  'checkpoints',
  'task_comments',
  'leases',
  'lease_waiters',
  'threads',
  'messages',
  'deliveries',
  'reports',
  'asks',
  'dispatch',
]
/** Signs of life, and that there are none, move these and nothing else. */
const moving: Readonly<Record<string, readonly string[]>> = {
  attempts: ['lease_until', 'last_sign_at', 'silent_since', 'warned_at', 'rescue_ref', 'rev'],
  leases: ['expires_at', 'rev'],
}

/** Looks at the database beside the app, on a connection of its own. */
const watchDatabase = (path: string) => {
  const database = new Database(path, { readonly: true })
  const tables = shared.map((table) => ({
    table,
    all: database.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`),
  }))
  const newest = database.prepare<[], { seq: number }>('SELECT max(seq) AS seq FROM events')
  const refusals = database.prepare<[number], { payload: string }>(
    `SELECT payload FROM events WHERE topic = 'refusals.recorded' AND seq > ? ORDER BY seq`,
  )
  return {
    /** Every row, and the number of the newest event. */
    dump: () => {
      const rows = tables.map(({ table, all }) => [
        table,
        all.all().map((row) => {
          for (const column of moving[table] ?? []) delete row[column]
          return row
        }),
      ])
      return { rows: JSON.stringify(rows), seq: newest.get()?.seq ?? 0 }
    },
    refusalsAfter: (seq: number) => refusals.all(seq).map(({ payload }) => JSON.parse(payload) as KeptRefusal),
    closeWatch: () => void database.close(),
  }
}

interface KeptRefusal {
  readonly by: string
  readonly command: string
  readonly code: string
  readonly message: string
}
