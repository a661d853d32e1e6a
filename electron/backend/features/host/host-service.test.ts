import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHostService, type HostServiceDeps } from './host-service.ts'

let home: string
const opened: [string, number | null][] = []
let ended: string[]

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-home-')))
  opened.length = 0
  ended = []
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const createHost = (changes: Partial<HostServiceDeps> = {}) =>
  createHostService({
    capabilities: {
      kind: 'web',
      pickFolder: null,
      openInEditor: async (path, line) => {
        opened.push([path, line])
        return true
      },
      quit: () => void ended.push('quit'),
    },
    home,
    version: '1.2.3',
    findGit: async () => ({ version: '2.39.5', problem: null }),
    findShell: async () => ({ path: '/bin/bash', variables: 3, ms: 5, problem: null }),
    listOpenableFolders: async () => [join(home, 'project')],
    stopAll: async () => void ended.push('stop all'),
    ...changes,
  })

describe('folders', () => {
  it('are listed by name, hidden ones and files left out, repositories marked', async () => {
    for (const name of ['zeta', 'alpha', '.hidden', 'with space & "quotes"', 'Ünïcode']) mkdirSync(join(home, name))
    mkdirSync(join(home, 'zeta', '.git'))
    writeFileSync(join(home, 'file'), '')
    const listing = await createHost().listFolders('')
    expect(listing.ok && listing.value.entries.map((entry) => [entry.name, entry.isRepository])).toEqual([
      ['alpha', false],
      ['Ünïcode', false],
      ['with space & "quotes"', false],
      ['zeta', true],
    ])
  })

  it.each(['~', '~/', ''])('take %j for the home folder', async (path) => {
    const listing = await createHost().listFolders(path)
    expect(listing.ok && listing.value.path.replace(/\/$/, '')).toBe(home)
  })

  it('say what is wrong and what to do', async () => {
    writeFileSync(join(home, 'file'), '')
    const host = createHost()
    expect(await host.listFolders('nowhere')).toMatchObject({
      refusal: { message: expect.stringContaining('Check the spelling') },
    })
    expect(await host.listFolders('file')).toMatchObject({ refusal: { message: expect.stringContaining('is a file') } })
  })

  it('have no parent at the root', async () => {
    const listing = await createHost().listFolders('/')
    expect(listing.ok && listing.value.parent).toBeNull()
  })
})

describe('opening in the editor', () => {
  it('works inside a project, and says when there is no editor', async () => {
    mkdirSync(join(home, 'project'))
    writeFileSync(join(home, 'project', 'a b.ts'), '')
    expect(await createHost().openInEditor(join(home, 'project', 'a b.ts'), 7)).toEqual({ ok: true, value: undefined })
    expect(opened).toEqual([[join(home, 'project', 'a b.ts'), 7]])
    const capabilities = {
      kind: 'web',
      pickFolder: null,
      openInEditor: async () => false,
      quit: () => undefined,
    } as const
    expect(await createHost({ capabilities }).openInEditor(join(home, 'project', 'a b.ts'), null)).toMatchObject({
      refusal: { code: 'NO_EDITOR' },
    })
  })

  it('is refused outside, also over a link that leads out', async () => {
    mkdirSync(join(home, 'project'))
    mkdirSync(join(home, 'project-two'))
    writeFileSync(join(home, 'secret'), '')
    symlinkSync(join(home, 'secret'), join(home, 'project', 'link'))
    for (const path of ['secret', 'project/link', 'project-two', 'project/../secret', 'project/missing']) {
      expect(await createHost().openInEditor(join(home, path), null)).toMatchObject({
        refusal: { code: 'OUTSIDE_WORKTREE' },
      })
    }
    expect(opened).toEqual([])
  })
})

describe('quitting', () => {
  it('leaves the sessions running unless it is asked to stop all', async () => {
    await createHost().quit(false)
    expect(ended).toEqual(['quit'])
    await createHost().quit(true)
    expect(ended).toEqual(['quit', 'stop all', 'quit'])
  })
})

describe('the folder dialog', () => {
  it('is refused where there is none', async () => {
    expect(await createHost().pickFolder()).toMatchObject({ refusal: { code: 'NOT_SUPPORTED' } })
  })
})
