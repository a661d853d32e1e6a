import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { inRoot, toolEntry, toolNode } from './lib/paths.mjs'
import { run } from './lib/run.mjs'

// One tree with one violation per file, judged once by the real tool with the real rules.
const violations = {
  'shared-lib-is-a-leaf': ['shared/lib/a.ts', '../contract/target.ts'],
  'shared-protocols-know-lib-only': ['shared/pty-protocol/a.ts', '../contract/target.ts'],
  'shared-is-portable': ['shared/contract/a.ts', 'node:fs'],
  'electron-only-in-desktop-host': ['electron/web.ts', 'electron'],
  'backend-knows-no-host': ['electron/backend/create-backend.ts', '../hosts/web/target.ts'],
  'adapters-know-no-feature': ['electron/backend/kernel/a.ts', '../features/projects/projects-service.ts'],
  'pty-host-stands-alone': ['electron/pty-host/a.ts', '../backend/kernel/target.ts'],
  'rules-are-pure': ['electron/backend/features/projects/a-rules.ts', 'node:path'],
  'one-writer-per-table': ['electron/backend/features/asks/a.ts', '../projects/projects-store.ts'],
  'features-meet-at-services': ['electron/backend/features/asks/b.ts', '../projects/a-rules.ts'],
  'service-order-agents': ['electron/backend/features/agents/a.ts', '../sessions/sessions-service.ts'],
  'service-order-worktrees': ['electron/backend/features/worktrees/a.ts', '../sessions/sessions-service.ts'],
  'service-order-terminals': ['electron/backend/features/terminals/a.ts', '../sessions/sessions-service.ts'],
  'service-order-sessions': ['electron/backend/features/sessions/a.ts', '../asks/asks-service.ts'],
  'hosts-use-the-front-door': ['electron/hosts/web/a.ts', '../../backend/kernel/target.ts'],
  'hosts-are-strangers': ['electron/hosts/desktop/a.ts', '../web/target.ts'],
  'renderer-never-sees-node': ['renderer/app/a.ts', '../../electron/hosts/web/target.ts'],
  'ui-is-dumb': ['renderer/ui/a.ts', '../../shared/contract/target.ts'],
  'data-knows-no-screen': ['renderer/data/a.ts', '../features/projects/target.ts'],
  'terminal-knows-no-feature': ['renderer/terminal/a.ts', '../features/projects/target.ts'],
  'features-are-strangers': ['renderer/features/sessions/a.ts', '../projects/target.ts'],
  'e2e-drives-from-outside': ['e2e/a.ts', '../electron/hosts/web/target.ts'],
}
const allowed = [
  ['electron/hosts/web/fine.ts', '../../backend/create-backend.ts'],
  ['electron/backend/features/sessions/fine.ts', '../worktrees/worktrees-service.ts'],
  ['electron/hosts/desktop/fine.ts', 'electron'],
  ['renderer/features/projects/fine.ts', '../../data/target.ts'],
  ['renderer/ui/fine.ts', '../../shared/lib/target.ts'],
]
const targets = [
  'shared/contract/target.ts',
  'shared/lib/target.ts',
  'electron/hosts/web/target.ts',
  'electron/backend/kernel/target.ts',
  'electron/backend/features/projects/projects-service.ts',
  'electron/backend/features/projects/projects-store.ts',
  'electron/backend/features/worktrees/worktrees-service.ts',
  'electron/backend/features/sessions/sessions-service.ts',
  'electron/backend/features/asks/asks-service.ts',
  'renderer/data/target.ts',
  'renderer/features/projects/target.ts',
]

const tree = await mkdtemp(join(tmpdir(), 'switchyard-imports-'))
afterAll(() => rm(tree, { recursive: true, force: true }))

test('each arrow of the architecture has a rule that refuses its violation, and the allowed ways pass', async () => {
  await write('tsconfig.json', '{ "compilerOptions": { "module": "preserve", "allowImportingTsExtensions": true } }')
  for (const target of targets) await write(target, 'export const target = 1\n')
  for (const [file, to] of [...Object.values(violations), ...allowed]) await write(file, `import '${to}'\n`)

  const entry = toolEntry('dependency-cruiser', 'dependency-cruise')
  const args = [
    '--config',
    inRoot('.dependency-cruiser.cjs'),
    '--output-type',
    'json',
    'shared',
    'electron',
    'renderer',
    'e2e',
  ]
  const { output } = await run(toolNode(), [entry, ...args], { cwd: tree })
  const found = JSON.parse(output).summary.violations.map(({ rule, from }) => `${rule.name} ${from}`)

  for (const [rule, [file]] of Object.entries(violations)) expect(found).toContain(`${rule} ${file}`)
  for (const [file] of allowed) expect(found.filter((line) => line.endsWith(` ${file}`))).toEqual([])
})

async function write(path, text) {
  await mkdir(join(tree, dirname(path)), { recursive: true })
  await writeFile(join(tree, path), text)
}
