import { describe, expect, it } from 'vitest'
import type { LaunchRequest } from './agent-adapter.ts'
import { agentAdapters } from './all-agents.ts'
import { adapterOfProfile, type CommandProfile } from './command-profile.ts'
import { promptArgument } from './launch-prompt.ts'
import { loginArguments } from './plain-shell.ts'

const request: LaunchRequest = {
  executable: '/usr/bin/tool',
  version: null,
  resources: { folder: '/app/resources', node: { path: '/bin/node', needsRunAsNode: false } },
  sessionFolder: '/data/ses',
  worktreePath: '/work',
  gatewayUrl: 'http://127.0.0.1:1',
  title: 'T',
  prompt: null,
  model: null,
  permissionMode: null,
  usesTeams: false,
  conversation: { kind: 'start', id: 'c-1' },
  environment: {},
  hasOwnStatusLine: false,
}
const profile: CommandProfile = {
  id: 'codex',
  name: 'Tool',
  command: 'tool',
  missingHint: 'Install it.',
  permissionModes: [],
  defaultPermissionMode: 'safe',
  environmentPatterns: [],
  lines: {
    always: ['--quiet'],
    start: ['--id={conversation}'],
    resume: ['resume', '{conversation}'],
    mode: ['--mode', '{mode}'],
    model: ['--model={model}'],
    prompt: ['--', '{prompt}'],
  },
}
const launch = (changes: Partial<LaunchRequest> = {}, of: Partial<CommandProfile> = {}) =>
  adapterOfProfile({ ...profile, ...of }).launch({ ...request, ...changes })

describe('a program started by its profile', () => {
  it.each<[string, Partial<LaunchRequest>, readonly string[]]>([
    ['its default mode', {}, ['--quiet', '--id=c-1', '--mode', 'safe']],
    ['the mode chosen', { permissionMode: 'wild' }, ['--quiet', '--id=c-1', '--mode', 'wild']],
    ['a model', { model: 'big' }, ['--quiet', '--id=c-1', '--mode', 'safe', '--model=big']],
    [
      'an old conversation',
      { conversation: { kind: 'resume', id: 'c-1' } },
      ['--quiet', 'resume', 'c-1', '--mode', 'safe'],
    ],
    [
      'a prompt, last',
      { prompt: 'Do it', model: 'm' },
      ['--quiet', '--id=c-1', '--mode', 'safe', '--model=m', '--', 'Do it'],
    ],
  ])('gets %s', (_name, changes, expected) => {
    expect(launch(changes).argv).toEqual(['/usr/bin/tool', ...expected])
  })

  it('gets no mode where neither the person nor the profile has one', () => {
    expect(launch({}, { defaultPermissionMode: null }).argv).toEqual(['/usr/bin/tool', '--quiet', '--id=c-1'])
  })

  it('gets a prompt as it was written, whatever it holds', () => {
    const prompt = 'Replace {model} by {mode}, $& and $1; `rm -rf "$HOME"` \\ \n2nd line'
    expect(launch({ prompt, model: 'm' }).argv.at(-1)).toBe(prompt)
  })

  it('gets what its mode needs, beside its own environment', () => {
    const plan = launch(
      { permissionMode: 'wild' },
      {
        environment: { A: '1', B: '1' },
        ofMode: (mode) => ({ args: [`--is-${mode}`], environment: { B: '2' } }),
      },
    )
    expect(plan.environment).toEqual({ A: '1', B: '2' })
    expect(plan.argv).toContain('--is-wild')
  })

  it('is never given a prompt it could not take', () => {
    const { prompt: _none, ...lines } = profile.lines
    const adapter = adapterOfProfile({ ...profile, lines })
    expect(adapter.takesPrompt).toBe(false)
    expect(adapter.launch({ ...request, prompt: 'a'.repeat(200_000) })).toMatchObject({
      argv: ['/usr/bin/tool', '--quiet', '--id=c-1', '--mode', 'safe'],
      files: [],
    })
  })

  it('can be resumed, and tells its state, only where the profile says how', () => {
    expect(adapterOfProfile(profile)).toMatchObject({ canResume: true, statusSource: 'process', takesPrompt: true })
    const { resume: _none, ...lines } = profile.lines
    const readTitle = () => ({ kind: 'idle', detail: 'x' }) as const
    const titled = adapterOfProfile({ ...profile, lines, readTitle })
    expect(titled).toMatchObject({ canResume: false, statusSource: 'title' })
    expect(titled.readTitle?.('x')).toEqual({ kind: 'idle', detail: 'x' })
    expect(adapterOfProfile(profile)).not.toHaveProperty('readTitle')
  })
})

describe('a prompt as an argument', () => {
  it.each([
    ['Do it now', 'Do it now'],
    ['-p', ' -p'],
    ['--help me', ' --help me'],
    ['update', 'update '],
    ['漢字', '漢字 '],
    ['two\nlines', 'two\nlines'],
  ])('%j becomes %j', (prompt, text) => {
    expect(promptArgument(prompt, '/s')).toEqual({ text, files: [] })
  })

  it('is counted in bytes, not characters', () => {
    const fits = 'é '.repeat(40_000)
    expect(promptArgument(fits, '/s')).toEqual({ text: fits, files: [] })
    const tooLong = '漢 '.repeat(40_000)
    expect(promptArgument(tooLong, '/s')).toEqual({
      text: 'Read your task from the file /s/prompt.md and carry it out.',
      files: [{ path: '/s/prompt.md', text: tooLong }],
    })
  })
})

describe('the agents that are offered', () => {
  const adapters = Object.entries(agentAdapters)

  it.each(adapters)('%s goes by its own id and says what to do when it is missing', (id, adapter) => {
    expect(adapter.id).toBe(id)
    expect(adapter.missingHint).toMatch(/\.$/)
    for (const place of adapter.places) expect(place).toMatch(/^(~\/|\/)/)
  })

  it.each(adapters)('%s has a default mode it knows, and never a dangerous one', (_id, adapter) => {
    const modes = new Map(adapter.permissionModes.map((mode) => [mode.id, mode]))
    expect(modes.size).toBe(adapter.permissionModes.length)
    if (adapter.defaultPermissionMode !== null)
      expect(modes.get(adapter.defaultPermissionMode)).toMatchObject({ isDangerous: false })
  })

  it.each(adapters)('%s takes every mode it offers, each with a line of its own', (_id, adapter) => {
    const plans = adapter.permissionModes.map(({ id }) => adapter.launch({ ...request, permissionMode: id }))
    const lines = plans.map(({ argv, environment }) => JSON.stringify([argv, environment]))
    expect(new Set(lines).size).toBe(adapter.permissionModes.length)
  })

  it.each(adapters)('%s with a dangerous mode has it only when it was chosen', (_id, adapter) => {
    const plain = adapter.launch(request).argv.join(' ')
    for (const mode of adapter.permissionModes.filter(({ isDangerous }) => isDangerous))
      expect(plain).not.toMatch(new RegExp(`(^|[ =-])${mode.id}( |$)`))
  })

  it('answer asks here only where they tell of them', () => {
    for (const [, adapter] of adapters) {
      expect(adapter.readHook !== undefined).toBe(adapter.statusSource === 'hooks')
      expect(adapter.answerHook !== undefined).toBe(adapter.readHook !== undefined)
      expect(adapter.readTitle !== undefined).toBe(adapter.statusSource === 'title')
    }
  })
})

describe('a login shell', () => {
  it.each([
    ['/bin/bash', ['-l']],
    ['/usr/local/bin/fish', ['-l']],
    ['/bin/zsh', ['-l']],
    ['/bin/sh', []],
    ['/opt/nu', []],
  ])('%s is started with %j', (shell, expected) => {
    expect(loginArguments(shell)).toEqual(expected)
  })
})
