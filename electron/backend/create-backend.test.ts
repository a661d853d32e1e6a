import { createRouterClient } from '@orpc/server'
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ApiClient } from '../../shared/contract/api.ts'
import { createBackend, type Backend } from './create-backend.ts'
import { openDatabase } from './db/database.ts'

const root = join(import.meta.dirname, '..', '..')
let folder: string
let backend: Backend
beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-backend-')))
  backend = await createBackend({
    dataDir: join(folder, 'data'),
    home: folder,
    version: '0.0.0',
    environment: { PATH: process.env['PATH'], HOME: folder, SHELL: '/bin/sh' },
    entries: {
      ptyHost: join(root, 'electron', 'pty-host.ts'),
      cli: join(root, 'electron', 'cli.ts'),
      resources: join(root, 'resources'),
    },
    capabilities: { kind: 'web', pickFolder: null, openInEditor: async () => false, quit: () => undefined },
  })
})
afterEach(async () => {
  const client: ApiClient = createRouterClient(backend.router, {
    context: { identity: { kind: 'person', id: 'test', right: 'full' } },
  })
  await client.host.quit({ stopAll: true })
  await backend.close()
  // The search for agents may still be writing in it.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

const backups = () => {
  const names = readdirSync(join(folder, 'data'))
  return names.includes('backups') ? readdirSync(join(folder, 'data', 'backups')) : []
}

it('backs the database up soon after its start', async () => {
  await backend.ready
  await vi.waitUntil(() => backups().some((name) => name.endsWith('.db')), { timeout: 30_000 })
  const copy = openDatabase(join(folder, 'data', 'backups', backups().find((name) => name.endsWith('.db')) ?? ''))
  expect(copy.quickCheck()).toEqual(['ok'])
  copy.close()
})
