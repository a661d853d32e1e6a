import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findGit } from './find-git.ts'
import { createGitWhenNeeded } from './git-when-needed.ts'
import { textOf, type GitDeps } from './run-git.ts'

let folder: string
let looks = 0
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-when-needed-'))
  looks = 0
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const find = async (): Promise<GitDeps> => {
  looks += 1
  const found = await findGit({ PATH: process.env['PATH'], HOME: folder })
  if (found.kind !== 'found') throw new Error(found.message)
  return found.deps
}

it('is not looked up before it is needed, and counts as the oldest until then', () => {
  const git = createGitWhenNeeded(find)
  expect(git).toMatchObject({ version: '0', isLfsInstalled: false })
  expect(looks).toBe(0)
})

it('is looked up once, also by calls that come at the same moment', async () => {
  const git = createGitWhenNeeded(find)
  const init = git.run({ cwd: folder, args: ['init', '--quiet', '--initial-branch=first'], access: 'write' })
  const listed = git.listConfig(folder)
  await Promise.all([init, listed])
  const head = await git.run({ cwd: folder, args: ['symbolic-ref', 'HEAD'], access: 'read' })
  expect(textOf(head)).toBe('refs/heads/first')
  expect(looks).toBe(1)
  expect(git.version).toMatch(/^2\.\d+/)
})

it('fails as its look-up does', async () => {
  const git = createGitWhenNeeded(() => Promise.reject(new Error('git was not found.')))
  await expect(git.run({ cwd: folder, args: ['status'], access: 'read' })).rejects.toThrow('git was not found.')
})
