import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mcpTools } from './mcp-tools.ts'
import { sendTo, speaker, startTestGateway, token, waitForHangUp, type Sent, type TestGateway } from './testing.ts'

let lab: TestGateway
const clients: Client[] = []
beforeEach(async () => {
  lab = await startTestGateway()
})
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
  await lab.gateway.close()
})

/** The reference client, over real HTTP. */
const connect = async (bearer = token) => {
  const client = new Client({ name: 'test', version: '1' })
  clients.push(client)
  const headers = { authorization: `Bearer ${bearer}` }
  const transport = new StreamableHTTPClientTransport(new URL(`${lab.gateway.url}/mcp`), { requestInit: { headers } })
  await client.connect(transport)
  return client
}
const textsOf = (result: unknown) => (result as { content: { text: string }[] }).content.map(({ text }) => text)
const post = (body: unknown, sent: Sent = {}) =>
  sendTo(lab.gateway, {
    path: '/mcp',
    body: JSON.stringify(body),
    ...sent,
    headers: { accept: 'application/json, text/event-stream', ...sent.headers },
  })
const fullDisk = () => Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
const discover = { jsonrpc: '2.0', id: 1, method: 'server/discover', params: {} }

describe('MCP', () => {
  it('says who it is and how to begin', async () => {
    const client = await connect()
    expect(client.getServerVersion()).toMatchObject({ name: 'switchyard', version: '1.2.3' })
    expect(client.getInstructions()).toContain('`brief`')
  })

  it('lists the tools with their schemas', async () => {
    const { tools } = await (await connect()).listTools()
    expect(tools.map(({ name }) => name)).toEqual(mcpTools.map(({ name }) => name))
    const brief = tools.find(({ name }) => name === 'brief')
    expect(brief?.annotations).toEqual({ readOnlyHint: true, destructiveHint: false, openWorldHint: false })
    expect(tools.find(({ name }) => name === 'submit_task')?.inputSchema).toMatchObject({ required: ['summary'] })
  })

  it('runs a verb for the speaker of its token, under the id the agent gave the call', async () => {
    const result = await (
      await connect()
    ).callTool({
      name: 'tasks',
      arguments: { action: 'comment', body: 'Hi' },
      _meta: { 'claudecode/toolUseId': 'toolu_01AbCdEf' },
    })
    expect(textsOf(result)).toEqual(['{"seq":7}'])
    expect(lab.calls).toEqual([
      { from: speaker, name: 'tasks.comment', input: { body: 'Hi' }, requestId: 'toolu_01AbCdEf', caller: null },
    ])
  })

  it.each([['too-odd'], ['x y z 1 2 3'], [42], [undefined]])('takes no id %j for one', async (id) => {
    await (await connect()).callTool({ name: 'peers', arguments: {}, _meta: { 'claudecode/toolUseId': id } })
    expect(lab.calls).toMatchObject([{ requestId: null }])
  })

  it('answers Markdown as it is', async () => {
    lab.runVerb = async () => ({ ok: true, value: { markdown: '# You\nare here' } })
    expect(textsOf(await (await connect()).callTool({ name: 'brief', arguments: {} }))).toEqual(['# You\nare here'])
  })

  it('tells a refusal as an error of the call, with what to do and the row as it is', async () => {
    const refusal = { code: 'HELD', message: 'B has it. Wait for it.', current: { id: 'lse_1' } }
    lab.runVerb = async () => ({ ok: false, refusal })
    const result = await (await connect()).callTool({ name: 'claim_task', arguments: {} })
    expect(result).toMatchObject({ isError: true })
    expect(textsOf(result)).toEqual(['B has it. Wait for it. (HELD)\nAs it is now: {"id":"lse_1"}'])
  })

  it('names the actions to a call without one, and asks for a verb that is none, so that it is kept who tried', async () => {
    const result = await (await connect()).callTool({ name: 'give_up_task', arguments: { reason: 'x' } })
    expect(result).toMatchObject({ isError: true })
    expect(textsOf(result)[0]).toContain('Name an action: fail, release.')
    expect(lab.calls.map(({ name }) => name)).toEqual(['give_up_task.'])
  })

  it('knows no other tools and resources', async () => {
    const client = await connect()
    await expect(client.callTool({ name: 'rm', arguments: {} })).rejects.toThrow('There is no tool rm')
    await expect(client.readResource({ uri: 'file:///etc/passwd' })).rejects.toThrow('There is no file:')
    // No verb ends with a dot: asked for, so that it is kept who tried.
    expect(lab.calls.map(({ name }) => name)).toEqual(['rm.'])
  })

  it('offers the brief, the tasks and the mail to be read', async () => {
    lab.runVerb = async ({ name }) => ({ ok: true, value: name === 'brief' ? { markdown: '# Brief' } : { name } })
    const client = await connect()
    const { resources } = await client.listResources()
    const read = async ({ uri }: { uri: string }) => (await client.readResource({ uri })).contents
    expect(await Promise.all(resources.map(read))).toEqual([
      [{ uri: 'switchyard://brief', mimeType: 'text/markdown', text: '# Brief' }],
      [{ uri: 'switchyard://tasks', mimeType: 'application/json', text: '{"name":"tasks.list"}' }],
      [{ uri: 'switchyard://mail', mimeType: 'application/json', text: '{"name":"mail.inbox"}' }],
    ])
  })

  it('tells of a resource that cannot be read on a full disk what helps', async () => {
    lab.runVerb = () => Promise.reject(fullDisk())
    const { contents } = await (await connect()).readResource({ uri: 'switchyard://mail' })
    expect(contents).toMatchObject([{ text: expect.stringContaining('Free some space') as string }])
  })

  it('goes on for a client that connected before the gateway was started again', async () => {
    const client = await connect()
    const { port } = lab.gateway
    await lab.gateway.close()
    lab = await startTestGateway([port])
    expect(textsOf(await client.callTool({ name: 'peers', arguments: {} }))).toEqual(['{"seq":7}'])
  })

  it('answers many at once', async () => {
    const client = await connect()
    lab.runVerb = async ({ input }) => ({ ok: true, value: input as Record<string, unknown> })
    const numbers = Array.from({ length: 30 }, (_, index) => `APP-${index}`)
    const answers = await Promise.all(
      numbers.map((task) => client.callTool({ name: 'claim_task', arguments: { task } })),
    )
    expect(answers.map((answer) => textsOf(answer)[0])).toEqual(numbers.map((task) => JSON.stringify({ task })))
  })
})

describe('an MCP request', () => {
  it('for what this server does not know is answered by an error, so that a newer client falls back', async () => {
    const answer = await post(discover)
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: -32601 } })
    const newer = await post(discover, { headers: { 'mcp-protocol-version': '2026-07-28' } })
    expect(newer.status).toBe(400)
    expect(JSON.parse(newer.text)).toMatchObject({ error: { code: -32000 } })
  })

  it.each<[string, Sent, number]>([
    ['no token', { headers: { authorization: undefined } }, 401],
    ['the token of nobody', { headers: { authorization: `Bearer ${'b'.repeat(64)}` } }, 401],
    ['a web page', { headers: { origin: 'http://localhost' } }, 403],
    ['a name pointed at us', { headers: { host: 'attacker.invalid' } }, 421],
    ['a stream of news', { method: 'GET', body: '' }, 405],
    ['the end of a session', { method: 'DELETE', body: '' }, 405],
    ['a form', { headers: { 'content-type': 'text/plain' } }, 415],
    ['half a JSON', { body: '{' }, 400],
    ['a message without a version', { body: '{"id":1,"method":"ping"}' }, 400],
    ['a body that is too long', { body: JSON.stringify({ x: 'x'.repeat(1_100_000) }) }, 413],
    ['a client that takes no JSON', { headers: { accept: 'text/html' } }, 406],
  ])('with %s is refused', async (_name, sent, status) => {
    expect((await post(discover, sent)).status).toBe(status)
    expect(lab.calls).toEqual([])
  })
})

describe('a call of a tool', () => {
  const callOf = (params: object, more: object = {}) => ({
    jsonrpc: '2.0',
    id: 7,
    method: 'tools/call',
    params,
    ...more,
  })
  /** Named with its character set a call is no plain one, and the SDK answers it. */
  const asTheSdkAnswers: Sent = { headers: { 'content-type': 'application/json; charset=utf-8' } }
  const bodyOf = ({ text }: { text: string }) => JSON.parse(text) as object

  it.each<[string, object, object]>([
    ['a verb', { name: 'peers', arguments: {} }, {}],
    ['no arguments at all', { name: 'peers' }, {}],
    ['an action', { name: 'tasks', arguments: { action: 'list', limit: null } }, { id: 'a string' }],
    ['no action', { name: 'tasks', arguments: { body: 'x' } }, {}],
    ['an action that is none', { name: 'tasks', arguments: { action: 'rm' } }, { id: 0 }],
    ['a tool that is none', { name: 'rm', arguments: {} }, {}],
    [
      'a name of the call',
      { name: 'peers', _meta: { 'claudecode/toolUseId': 'toolu_01AbCdEf', progressToken: 3 } },
      {},
    ],
    ['a name that is none', { name: 5 }, {}],
    ['more than the protocol knows', { name: 'peers', arguments: {}, more: 1 }, {}],
    ['a list for arguments', { name: 'peers', arguments: [] }, {}],
    ['no id, which nobody waits for', { name: 'peers' }, { id: undefined }],
    ['the version of another protocol', { name: 'peers' }, { jsonrpc: '1.0' }],
  ])('of %s is answered as the SDK answers it', async (_what, params, more) => {
    const direct = await post(callOf(params, more))
    const asked = lab.calls.splice(0)
    const other = await post(callOf(params, more), asTheSdkAnswers)
    expect([direct.status, direct.text === '' ? '' : bodyOf(direct)]).toEqual([
      other.status,
      other.text === '' ? '' : bodyOf(other),
    ])
    expect(asked).toEqual(lab.calls)
  })

  it.each<[string, Record<string, string>, number]>([
    ['takes no stream', { accept: 'application/json' }, 406],
    ['speaks a later version', { 'mcp-protocol-version': '2099-01-01' }, 400],
    ['speaks an earlier version', { 'mcp-protocol-version': '2025-03-26' }, 200],
  ])('of a client that %s is answered by the rules of the protocol', async (_what, headers, status) => {
    expect((await post(callOf({ name: 'peers' }), { headers })).status).toBe(status)
    expect(lab.calls).toHaveLength(status === 200 ? 1 : 0)
  })

  it.each<[string, object, Sent]>([
    ['the gateway', callOf({ name: 'peers' }), {}],
    ['the SDK', callOf({ name: 'peers' }), asTheSdkAnswers],
    ['the SDK of a tool that is none', callOf({ name: 'none' }), {}],
    ['the SDK of a resource', { ...callOf({}), method: 'resources/read', params: { uri: 'switchyard://mail' } }, {}],
  ])(
    'that %s answers, and fails by a bug, tells no more than that, and the next one goes on',
    async (_who, body, sent) => {
      const { runVerb } = lab
      lab.runVerb = () => Promise.reject(Object.assign(new Error('a bug, with /home/ada in it'), { code: 7 }))
      const failed = await post(body, sent)
      expect(failed.status).toBe(200)
      expect(bodyOf(failed)).toEqual({
        jsonrpc: '2.0',
        id: 7,
        error: { code: -32603, message: 'This is a bug in Switchyard. Its log says more.' },
      })
      lab.runVerb = runVerb
      expect(bodyOf(await post(callOf({ name: 'peers' })))).toMatchObject({ result: { isError: false } })
    },
  )

  it.each<[string, Sent]>([
    ['the gateway', {}],
    ['the SDK', asTheSdkAnswers],
  ])('that %s answers, on a full disk, is told as unavailable, with what helps', async (_who, sent) => {
    lab.runVerb = () => Promise.reject(fullDisk())
    const told = bodyOf(await post(callOf({ name: 'peers' }), sent))
    expect(told).toMatchObject({ id: 7, result: { isError: true } })
    const text = textsOf((told as { result: unknown }).result).join()
    expect(text).toMatch(/Free some space and try again\. \(UNAVAILABLE\)$/)
  })

  it('that waits hears when the agent hangs up', async () => {
    const { begun, hungUp } = waitForHangUp(lab)
    const left = post(callOf({ name: 'lease', arguments: { action: 'wait' } })).catch(() => 'cut off')
    await begun
    await lab.gateway.close()
    await hungUp
    expect(await left).toBe('cut off')
  })
})
