import { describe, expect, it } from 'vitest'
import type { LaunchRequest } from './agent-adapter.ts'
import { agentAdapters } from './all-agents.ts'
import { claudeSettings, compareVersions } from './claude-settings.ts'

const request: LaunchRequest = {
  executable: '/bin/agent',
  version: '2.1.329',
  resources: { folder: '/app/resources', node: { path: '/bin/node', needsRunAsNode: false } },
  sessionFolder: '/data/sessions/ses_1',
  worktreePath: '/work tree',
  gatewayUrl: 'http://127.0.0.1:4100',
  title: 'A title',
  prompt: 'Do it now',
  model: null,
  permissionMode: null,
  usesTeams: false,
  conversation: { kind: 'start', id: '11111111-2222-4333-8444-555555555555' },
  environment: {},
  hasOwnStatusLine: false,
}
const resume = { kind: 'resume', id: request.conversation.id } as const
const id = request.conversation.id
const folder = '/data/sessions/ses_1'
const coordination = ['--mcp-config', `${folder}/claude-mcp.json`, '--append-system-prompt-file']
const claude = [...coordination, `${folder}/claude-system-prompt.md`, '--settings', `${folder}/claude-settings.json`]

describe('a launch', () => {
  it.each([
    ['claude-code', {}, [...claude, '--session-id', id, 'Do it now']],
    ['claude-code', { conversation: resume, prompt: null }, [...claude, '--resume', id]],
    [
      'claude-code',
      { permissionMode: 'plan', model: 'opus' },
      [...claude, '--session-id', id, '--permission-mode', 'plan', '--model', 'opus', 'Do it now'],
    ],
    ['codex', {}, ['-c', 'check_for_update_on_startup=false', '--no-daemon', 'Do it now']],
    [
      'codex',
      { permissionMode: 'read-only', prompt: null },
      ['-c', 'check_for_update_on_startup=false', '--no-daemon', '-s', 'read-only', '-a', 'on-request'],
    ],
    ['gemini', {}, ['--session-id', id, '-i', 'Do it now']],
    [
      'gemini',
      { conversation: resume, permissionMode: 'yolo' },
      ['--resume', id, '--approval-mode', 'yolo', '-i', 'Do it now'],
    ],
    ['qwen', { prompt: null }, ['--session-id', id, '--approval-mode', 'default']],
    [
      'qwen',
      { conversation: resume, model: 'm' },
      ['--resume', id, '--approval-mode', 'default', '-m', 'm', '-i', 'Do it now'],
    ],
    ['opencode', {}, ['--prompt', 'Do it now']],
    ['opencode', { permissionMode: 'auto', prompt: null }, ['--auto']],
    ['aider', {}, ['--no-check-update']],
    ['shell', { executable: '/bin/bash' }, ['-l']],
    ['shell', { executable: '/bin/dash' }, []],
  ] as const)('of %s with %j has these arguments', (agent, changes, expected) => {
    const { argv } = agentAdapters[agent].launch({ ...request, ...changes })
    expect(argv.slice(1)).toEqual(expected)
    expect(argv[0]).toBe('executable' in changes ? changes.executable : '/bin/agent')
  })

  it.each(Object.values(agentAdapters).map((adapter) => [adapter.id, adapter] as const))(
    'of %s never makes an option or a subcommand of a prompt',
    (_id, adapter) => {
      if (!adapter.takesPrompt) return
      for (const prompt of ['--dangerously-skip-permissions', 'update', '-p', 'mcp'])
        expect(adapter.launch({ ...request, prompt }).argv.slice(1)).not.toContain(
          adapter.id === 'demo' ? undefined : prompt,
        )
    },
  )

  it('gives Claude Code our server beside the person’s own, and says what for; the secret stays in its environment', () => {
    for (const conversation of [request.conversation, resume]) {
      const { files } = agentAdapters['claude-code'].launch({ ...request, conversation })
      const textOf = (name: string) => files.find(({ path }) => path === `${folder}/${name}`)?.text ?? ''
      expect(JSON.parse(textOf('claude-mcp.json'))).toEqual({
        mcpServers: {
          switchyard: {
            type: 'http',
            url: 'http://127.0.0.1:4100/mcp',
            headers: { Authorization: 'Bearer ${SWITCHYARD_TOKEN}' },
            timeout: 600_000,
          },
        },
      })
      expect(JSON.parse(textOf('claude-settings.json'))).toMatchObject({ permissions: { allow: ['mcp__switchyard'] } })
      expect(textOf('claude-system-prompt.md')).toContain('mcp__switchyard__')
      // It is paid for with every request of every session.
      expect(textOf('claude-system-prompt.md').length).toBeLessThan(2000)
    }
  })

  it.each(['2.1.150', null])('of Claude Code %s passes no option that it may not know', (version) => {
    const { argv, files } = agentAdapters['claude-code'].launch({ ...request, version })
    expect(argv.slice(1)).toEqual(['--settings', `${folder}/claude-settings.json`, '--session-id', id, 'Do it now'])
    expect(files.map(({ path }) => path)).toEqual([`${folder}/claude-settings.json`])
  })

  it('puts a prompt that is too long for an argument into a file', () => {
    const prompt = '漢'.repeat(90_000)
    const { argv, files } = agentAdapters['claude-code'].launch({ ...request, prompt })
    expect(argv.at(-1)).toContain('/data/sessions/ses_1/prompt.md')
    expect(files).toContainEqual({ path: '/data/sessions/ses_1/prompt.md', text: prompt })
  })

  it('tells OpenCode to ask, unless the person chose otherwise', () => {
    const environmentOf = (permissionMode: string | null) =>
      agentAdapters.opencode.launch({ ...request, permissionMode }).environment['OPENCODE_CONFIG_CONTENT']
    expect(environmentOf(null)).toBe('{"permission":{"edit":"ask","bash":"ask"}}')
    expect(environmentOf('own')).toBeUndefined()
  })

  it('runs the demo agent with our node, as the desktop app needs it', () => {
    const node = { path: '/app/switchyard', needsRunAsNode: true }
    const plan = agentAdapters.demo.launch({
      ...request,
      resources: { ...request.resources, node },
      conversation: resume,
    })
    expect(plan.argv.slice(0, 2)).toEqual(['/app/switchyard', '/app/resources/demo-agent/demo-agent.mjs'])
    expect(plan.argv).toContain('--resume')
    expect(plan.environment).toEqual({ ELECTRON_RUN_AS_NODE: '1' })
  })

  it('of Claude Code switches teams on for the session that wants them, at its start and when it is resumed', () => {
    const environmentOf = (changes: Partial<LaunchRequest>) =>
      agentAdapters['claude-code'].launch({ ...request, ...changes }).environment
    const on = { CLAUDE_CODE_EXPERIMENTAL_AGENT_TEAMS: '1', CLAUDE_CODE_ENABLE_TODO_TOOLS: '1' }
    expect(environmentOf({})).toEqual({})
    expect(environmentOf({ usesTeams: true })).toEqual(on)
    expect(environmentOf({ usesTeams: true, conversation: resume, prompt: null })).toEqual(on)
  })

  it('has no secret in it', () => {
    for (const adapter of Object.values(agentAdapters)) {
      const plan = adapter.launch(request)
      expect(JSON.stringify(plan)).not.toMatch(/SWITCHYARD_TOKEN=|Bearer [0-9a-f]/)
    }
  })
})

describe('the settings of Claude Code', () => {
  const of = (version: string | null, changes: Partial<LaunchRequest> = {}) =>
    claudeSettings({ ...request, version, ...changes })

  it('send every event but the start over HTTP, and hold a permission for a day', () => {
    const { hooks } = of('2.1.329') as unknown as { hooks: Record<string, [{ hooks: [Record<string, unknown>] }]> }
    expect(hooks['PermissionRequest']?.[0].hooks[0]).toEqual({
      type: 'http',
      url: 'http://127.0.0.1:4100/hook',
      timeout: 86_400,
      headers: { Authorization: 'Bearer $SWITCHYARD_TOKEN' },
      allowedEnvVars: ['SWITCHYARD_TOKEN'],
    })
    expect(hooks['SessionStart']?.[0].hooks[0]).toMatchObject({
      type: 'command',
      command: '/bin/node',
      args: ['/app/resources/hooks/post-hook.mjs'],
    })
    expect(Object.keys(hooks)).toHaveLength(17)
    // A hook for it would replace the CLI's own `git worktree add`.
    expect(hooks).not.toHaveProperty('WorktreeCreate')
  })

  it('note each edit beside asking about it', () => {
    for (const version of ['2.1.329', '2.0.1']) {
      const { PreToolUse } = of(version).hooks
      expect(PreToolUse).toHaveLength(2)
      expect(PreToolUse[1]).toMatchObject({
        matcher: 'Edit|MultiEdit|Write|NotebookEdit',
        hooks: [{ type: 'command', command: '/bin/sh', args: ['/app/resources/hooks/note-edit.sh'] }],
      })
    }
  })

  it('tell of teams only where the session has them and the version knows the names', () => {
    const names = ['TeammateIdle', 'TaskCreated', 'TaskCompleted']
    expect(Object.keys(of('2.1.329').hooks)).not.toEqual(expect.arrayContaining(names.slice(0, 1)))
    expect(Object.keys(of('2.1.197', { usesTeams: true }).hooks)).toEqual(expect.arrayContaining(names))
    for (const name of names) expect(of('2.0.1', { usesTeams: true }).hooks).not.toHaveProperty(name)
  })

  it('name only what every release knows where the version is older or unreadable', () => {
    const old = Object.keys(of('2.0.1').hooks)
    expect(old).toEqual(Object.keys(of(null).hooks))
    expect(old).not.toContain('PermissionRequest')
    expect(JSON.stringify(of('2.0.1'))).not.toContain('"http"')
  })

  it('leave a status line of the person alone', () => {
    expect(of('2.1.329')).toHaveProperty('statusLine')
    expect(of('2.1.329', { hasOwnStatusLine: true })).not.toHaveProperty('statusLine')
  })

  it('quote paths and set the variable that makes the desktop app a node', () => {
    if (process.platform === 'win32') return
    const node = { path: "/opt/It's here/app", needsRunAsNode: true }
    const text = JSON.stringify(of('2.1.329', { resources: { folder: '/opt/re sources', node } }))
    expect(text).toContain(`ELECTRON_RUN_AS_NODE=1 '/opt/It'\\\\''s here/app' '/opt/re sources/hooks/post-hook.mjs'`)
  })

  it.each([
    ['2.1.329', '2.1.197', 1],
    ['2.1.197', '2.1.197', 0],
    ['2.1.99', '2.1.197', -1],
    ['10.0.0', '9.9.9', 1],
    ['2.1', '2.1.0', 0],
    [null, '0.0.0', -1],
    ['nightly', '0.0.0', -1],
  ])('version %s against %s', (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign)
  })
})
