import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRouterLab, refusalOf, type RouterLab } from './testing.ts'

let lab: RouterLab
const opened: [string, number | null][] = []
let hasEditor = true
beforeAll(async () => {
  lab = await openRouterLab({
    openInEditor: async (path, line) => {
      opened.push([path, line])
      return hasEditor
    },
  })
})
afterAll(() => lab.close())

const open = (path: string) => lab.full.projects.open({ path, initialise: false })

describe('projects over the router', () => {
  it('opens a repository, names it, and forgets it', async () => {
    const path = await lab.repository('a project')
    const project = await open(path)
    expect(project).toMatchObject({ name: 'a project', rootPath: path, defaultBranch: 'main', state: { kind: 'ok' } })
    const renamed = await lab.full.projects.rename({ projectId: project.id, name: '  Better  ' })
    expect(renamed.name).toBe('Better')
    expect((await open(path)).name).toBe('Better')
    await lab.full.projects.forget({ projectId: project.id })
    expect(await lab.kernel.database.read(lab.features.projects.list)).toEqual([])
    expect(readFileSync(join(path, 'readme.md'), 'utf8')).toBe('hello\n')
  })

  it.each([
    ['a file', 'NOT_A_FOLDER', (path: string) => writeFileSync(path, 'x')],
    ['nothing', 'NOT_A_FOLDER', () => undefined],
    ['a plain folder', 'NOT_A_REPOSITORY', (path: string) => mkdirSync(path)],
  ])('refuses %s with %s and what to do', async (name, code, plant) => {
    const path = join(lab.folder, `refused ${name}`)
    plant(path)
    const error = await refusalOf(open(path))
    expect(error).toMatchObject({ code, status: 409 })
    expect(error?.message).toContain(path)
  })

  it('refuses a bare repository with what to open instead', async () => {
    const path = join(lab.folder, 'bare.git')
    await lab.git(lab.folder, 'init', '--quiet', '--bare', path)
    expect(await refusalOf(open(path))).toMatchObject({ code: 'BARE_REPOSITORY' })
  })

  it('makes a repository and its first commit at the wish of the person, once', async () => {
    const path = join(lab.folder, 'new one')
    mkdirSync(path)
    writeFileSync(join(path, 'a.txt'), 'a\n')
    const project = await lab.full.projects.open({ path, initialise: true })
    expect(project.state).toMatchObject({ kind: 'no-commits' })
    const { id: projectId } = project
    expect(await refusalOf(lab.full.projects.branches({ projectId }))).toMatchObject({ code: 'PROJECT_UNUSABLE' })
    expect((await lab.full.projects.createFirstCommit({ projectId })).state).toEqual({ kind: 'ok' })
    expect(await lab.git(path, 'show', '--name-only', '--format=%s')).toBe('First commit\n\na.txt')
    expect(await refusalOf(lab.full.projects.createFirstCommit({ projectId }))).toMatchObject({ code: 'HAS_COMMITS' })
  })

  it('lists branches to one who may only look, and refuses a base that is none', async () => {
    const path = await lab.repository('branched')
    await lab.git(path, 'branch', 'topic/x')
    const { id: projectId } = await open(path)
    const branches = await lab.as('view').projects.branches({ projectId })
    expect(
      branches
        .map(({ name, kind, checkedOutAt }) => [name, kind, checkedOutAt])
        .toSorted(([a], [b]) => (a ?? '').localeCompare(b ?? '')),
    ).toEqual([
      ['main', 'local', path],
      ['topic/x', 'local', null],
    ])
    const sha = await lab.git(path, 'rev-parse', 'topic/x')
    expect(await lab.full.projects.freshBase({ projectId, baseRef: 'refs/heads/topic/x' })).toMatchObject({ sha })
    const error = await refusalOf(lab.full.projects.freshBase({ projectId, baseRef: 'refs/heads/none' }))
    expect(error).toMatchObject({ code: 'BAD_BASE' })
  })

  it('says that a repository vanished', async () => {
    const path = await lab.repository('gone')
    const { id: projectId } = await open(path)
    rmSync(path, { recursive: true })
    const error = await refusalOf(lab.full.projects.freshBase({ projectId, baseRef: null }))
    expect(error).toMatchObject({ code: 'PROJECT_UNUSABLE' })
    expect(error?.message).toContain(path)
  })

  it('makes a sample in a folder, and refuses one where nothing can be written', async () => {
    const parent = join(lab.folder, 'samples')
    mkdirSync(parent)
    const first = await lab.full.projects.openSample({ parent })
    const second = await lab.full.projects.openSample({ parent })
    expect([first.rootPath, second.rootPath]).toEqual(
      ['switchyard-sample', 'switchyard-sample-2'].map((name) => join(parent, name)),
    )
    const error = await refusalOf(lab.full.projects.openSample({ parent: join(lab.folder, 'nowhere') }))
    expect(error).toMatchObject({ code: 'CANNOT_CREATE' })
  })
})

describe('the host over the router', () => {
  it('tells who only looks what it is and what it can do', async () => {
    expect(await lab.as('view').host.info()).toMatchObject({
      kind: 'web',
      version: '1.2.3',
      canPickFolder: false,
      home: lab.home,
      git: { version: expect.stringMatching(/^2\./), problem: null },
      shell: { path: '/bin/bash', problem: null },
    })
  })

  it('has no folder dialog in a browser, and lists folders instead', async () => {
    expect(await refusalOf(lab.full.host.pickFolder())).toMatchObject({ code: 'NOT_SUPPORTED' })
    const path = await lab.repository('listed/inner')
    mkdirSync(join(lab.folder, 'listed', '.hidden'))
    writeFileSync(join(lab.folder, 'listed', 'file.txt'), '')
    const listing = await lab.full.host.listFolders({ path: join(lab.folder, 'listed') })
    expect(listing).toEqual({
      path: join(lab.folder, 'listed'),
      parent: lab.folder,
      isRepository: false,
      entries: [{ name: 'inner', path, isRepository: true }],
      truncated: false,
    })
    expect((await lab.full.host.listFolders({ path: '' })).path).toBe(lab.home)
    expect((await lab.full.host.listFolders({ path: '/' })).parent).toBeNull()
    const error = await refusalOf(lab.full.host.listFolders({ path: join(lab.folder, 'nope') }))
    expect(error).toMatchObject({ code: 'NOT_A_FOLDER', message: expect.stringContaining('Check the spelling.') })
  })

  it('opens only what lies in a project, also behind a link, and says when there is no editor', async () => {
    const path = await lab.repository('edited')
    await open(path)
    const file = join(path, 'readme.md')
    await lab.full.host.openInEditor({ path: file, line: 3 })
    expect(opened).toEqual([[file, 3]])
    const outside = join(lab.folder, 'outside.txt')
    writeFileSync(outside, 'x')
    await lab.git(path, 'config', 'core.symlinks', 'true')
    for (const wrong of [outside, join(path, '..', 'outside.txt'), join(path, 'missing.md'), `${path}-beside`])
      expect(await refusalOf(lab.full.host.openInEditor({ path: wrong, line: null }))).toMatchObject({
        code: 'OUTSIDE_WORKTREE',
      })
    hasEditor = false
    expect(await refusalOf(lab.full.host.openInEditor({ path: file, line: null }))).toMatchObject({ code: 'NO_EDITOR' })
  })
})

describe('settings over the router', () => {
  it('are whole values by key, told to everyone', async () => {
    const value = { theme: 'dark', tiles: [1, null] }
    await lab.full.settings.set({ key: 'layout:main', value: { old: true } })
    await lab.full.settings.set({ key: 'layout:main', value })
    expect(await lab.kernel.database.read(lab.features.settings.list)).toEqual([{ key: 'layout:main', value }])
    const stream = await lab.as('view').changes.subscribe({ after: null })
    const first = await stream.next()
    await stream.return?.()
    expect(first.value).toMatchObject({ kind: 'snapshot', state: { settings: [{ key: 'layout:main', value }] } })
  })
})

describe('agents over the router', () => {
  it('are all looked for, and told in the order they are offered', async () => {
    const found = await lab.full.agents.detect()
    expect(found.map(({ id }) => id)).toEqual([
      'claude-code',
      'codex',
      'gemini',
      'opencode',
      'qwen',
      'aider',
      'demo',
      'shell',
    ])
    const byId = new Map(found.map((agent) => [agent.id, agent]))
    expect(byId.get('demo')?.availability).toMatchObject({ kind: 'found' })
    expect(byId.get('shell')?.availability).toEqual({ kind: 'found', path: '/bin/bash', version: null })
    expect(await lab.kernel.database.read(lab.features.agents.list)).toEqual(found)
  })
})
