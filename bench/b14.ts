import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { openAgentsLab, type AgentsLab, type BenchAgent } from './lib/agents-lab.ts'
import { alternate, percentile, resultOf, type Bench, type Samples } from './lib/alternate.ts'
import { createCaller } from './lib/caller.ts'
import { startPeer } from './lib/peers.ts'
import { buildVariant } from './lib/variants.ts'

const execute = promisify(execFile)
const sessionCount = 25
const callsPerRound = 300
const commandsPerRound = 10
/** Far more often than any agent calls its tools. */
const hookEveryMs = 50
const hooksPerSession = Number(process.env['BENCH_HOOKS'] ?? 80)
const mostOverNoOp = 0.3
const longestHookP99 = 10

export const bench: Bench = {
  id: 'B14',
  title: `an agent's call through MCP, through a hook with ${sessionCount} sessions at work, through the command`,
  goal: `MCP p50 <= the SDK's no-op tool + ${mostOverNoOp} ms; hook p99 <= ${longestHookP99} ms`,
  run: async () => {
    const cli = join(await buildVariant('ours', ['host']), 'dist', 'host', 'cli.js')
    const lab = await openAgentsLab('b14', sessionCount, 'claude-code')
    const peer = await startPeer<{ port: number }>('bare-servers')
    await leaseFiles(lab)
    const [first] = lab.agents
    if (!first) throw new Error('There is no session.')
    const [noOp, mcp] = [await connectMcp(peer.ready.port), await connectMcp(lab.port, first.token)]
    const p50 = async (count: number, call: () => Promise<unknown>) => percentile(await timeEach(count, call), 50)
    const hooks: number[][] = []
    const samples = await alternate({
      'no-op MCP': () => p50(callsPerRound, () => noOp.callTool({ name: 'nothing', arguments: report })),
      MCP: () => p50(callsPerRound, () => mcp.callTool({ name: 'report', arguments: report })),
      'HTTP echo p99': async () => percentile(await sendHooks(lab, peer.ready.port, '/echo'), 99),
      'hook p99': async () => {
        hooks.push([...(await sendHooks(lab, lab.port, '/hook'))])
        return percentile(hooks.at(-1) ?? [], 99)
      },
      'bare command': () => p50(commandsPerRound, () => execute(process.execPath, ['-e', postOnce(peer.ready.port)])),
      command: () =>
        p50(commandsPerRound, () => execute(process.execPath, [cli, 'whoami'], { env: { ...first.environment } })),
    })
    await Promise.all([noOp.close(), mcp.close()])
    await lab.dispose()
    await peer.end()
    return results(samples, hooks.slice(1).flat())
  },
}

const results = (samples: Readonly<Record<string, Samples>>, hooks: readonly number[]) => {
  const of = (name: string): Samples => {
    const found = samples[name]
    if (!found) throw new Error(`Nothing was measured of ${name}.`)
    return found
  }
  const row = (names: readonly [string, string], ok: boolean, note: string) => {
    const [ours, peer] = names
    const pair = { [ours]: of(ours), [peer]: of(peer) }
    return resultOf(pair, { ratio: of(ours).median / of(peer).median, ok, unit: 'ms', note })
  }
  const over = of('MCP').median - of('no-op MCP').median
  const p99 = percentile(hooks, 99)
  const middle = percentile(hooks, 50)
  return [
    row(
      ['MCP', 'no-op MCP'],
      over <= mostOverNoOp,
      `p50 ${over.toFixed(2)} ms over the no-op; each call commits an event`,
    ),
    row(
      ['hook p99', 'HTTP echo p99'],
      p99 <= longestHookP99,
      `p50 ${middle.toFixed(2)}, p99 ${p99.toFixed(2)}, slowest ${Math.max(...hooks).toFixed(1)} ms of ${hooks.length} hooks`,
    ),
    // Most of it is the start of Node: shown without a goal of its own.
    row(['command', 'bare command'], true, 'whole processes, from start to end'),
  ]
}

const report = { action: 'report', text: 'Half of the tests pass.' }

const timeEach = async (count: number, call: () => Promise<unknown>): Promise<number[]> => {
  const took: number[] = []
  for (let n = 0; n < count; n += 1) {
    const begun = performance.now()
    await call()
    took.push(performance.now() - begun)
  }
  return took
}

const connectMcp = async (port: number, token = 'none') => {
  const client = new Client({ name: 'bench', version: '1' })
  const requestInit = { headers: { authorization: `Bearer ${token}` } }
  await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`), { requestInit }))
  return client
}

/** A yard in which there is something to check an edit against. */
const leaseFiles = async ({ agents, port }: AgentsLab) => {
  for (const [n, { token }] of agents.entries()) {
    const caller = createCaller(port, { authorization: `Bearer ${token}` })
    const targets = Array.from({ length: 8 }, (_, area) => `src/area-${n}/part-${area}/**`)
    const { status, text } = await caller.post('/verb/lease.acquire', JSON.stringify({ targets }))
    if (status !== 200) throw new Error(`Files were not leased: ${text}`)
    caller.close()
  }
}

/** Every session calls its tools, one hook before and one behind each; how long each hook took. */
const sendHooks = async ({ agents }: AgentsLab, port: number, path: string): Promise<readonly number[]> => {
  const took = await Promise.all(
    agents.map(async (agent, place) => {
      const caller = createCaller(port, { authorization: `Bearer ${agent.token}` })
      await delay((place * hookEveryMs) / agents.length)
      const own: number[] = []
      for (let n = 0; n < hooksPerSession; n += 1) {
        const next = delay(hookEveryMs)
        const body = JSON.stringify(hookOf(agent, n))
        const begun = performance.now()
        const { status, text } = await caller.post(path, body)
        own.push(performance.now() - begun)
        if (status !== 200) throw new Error(`A hook was refused: ${text}`)
        await next
      }
      caller.close()
      return own
    }),
  )
  return took.flat()
}

/** As Claude Code sends them: before and after an edit, now and then of a file that somebody else has leased. */
const hookOf = ({ session, environment }: BenchAgent, n: number) => {
  const [call, isBefore] = [Math.floor(n / 2), n % 2 === 0]
  const cwd = environment['SWITCHYARD_WORKTREE'] ?? '/'
  const file_path = join(cwd, `src/area-${call % 40}/part-${call % 8}/file-${call}.ts`)
  return {
    session_id: session.id,
    transcript_path: '/tmp/transcript.jsonl',
    cwd,
    permission_mode: 'acceptEdits',
    hook_event_name: isBefore ? 'PreToolUse' : 'PostToolUse',
    tool_name: 'Edit',
    tool_input: { file_path, old_string: 'const before = 1\n'.repeat(30), new_string: 'const after = 2\n'.repeat(30) },
    tool_use_id: `toolu_${session.id.slice(-10)}_${call}`,
    ...(isBefore ? {} : { tool_response: { filePath: file_path, success: true } }),
  }
}

/** The least that a command can be which asks once. */
const postOnce = (port: number) =>
  `const r=require('node:http').request({port:${port},host:'127.0.0.1',path:'/echo',method:'POST'},s=>s.pipe(process.stdout));r.end('{}')`
