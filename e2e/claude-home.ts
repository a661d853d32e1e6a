import { execFileSync } from 'node:child_process'
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// Long enough to have twenty last characters: the CLI remembers approved keys by them.
const dummyKey = 'sk-ant-test-00000000000000000000'

/** The pinned CLI of this repository. */
export const pinnedClaude = join(
  import.meta.dirname,
  '..',
  'node_modules',
  '@anthropic-ai',
  'claude-code',
  'bin',
  'claude.exe',
)

/**
 * Makes `home` the home of a person who has used the CLI before: nothing asks for a theme, a login or a key, the given
 * repositories are trusted, and the login shell finds `claude` and the scripted API. Nothing else leaves this machine.
 */
export const prepareClaudeHome = (
  home: string,
  options: { readonly apiUrl: string; readonly trust: readonly string[] },
): void => {
  const bin = join(home, 'bin')
  mkdirSync(bin, { recursive: true })
  symlinkSync(pinnedClaude, join(bin, 'claude'))
  mkdirSync(join(home, '.claude'), { recursive: true })
  const projects = Object.fromEntries(
    options.trust.map((folder) => [realpathSync(folder), { hasTrustDialogAccepted: true }]),
  )
  writeJson(join(home, '.claude.json'), {
    hasCompletedOnboarding: true,
    hasSeenAutoDefaultNotice: true,
    hasSeenAutoDefaultNudge: true,
    customApiKeyResponses: { approved: [dummyKey.slice(-20)], rejected: [] },
    projects,
  })
  // Without a mode of its own a session would start in auto mode and ask nobody.
  writeJson(join(home, '.claude', 'settings.json'), { permissions: { defaultMode: 'default' } })

  // As a real person's: the environment comes from the login shell, not from whoever started the app.
  const profile = [
    `export PATH='${bin}':"$PATH"`,
    `export ANTHROPIC_BASE_URL='${options.apiUrl}'`,
    `export ANTHROPIC_API_KEY='${dummyKey}'`,
    'export CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1',
    'export CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL=1',
    'export DISABLE_AUTOUPDATER=1',
    'export DISABLE_TELEMETRY=1',
    'export DISABLE_ERROR_REPORTING=1',
    '',
  ].join('\n')
  for (const name of ['.profile', '.bash_profile']) writeFileSync(join(home, name), profile)
  writeFileSync(
    join(home, '.gitconfig'),
    '[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n',
  )
}

/** A repository with one commit, for agents to work in. */
export const createRepository = (folder: string): string => {
  mkdirSync(folder, { recursive: true })
  const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com']
  const git = (...args: string[]) =>
    execFileSync('git', [...author, ...args], { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder } })
  git('init', '--quiet', '--initial-branch=main')
  writeFileSync(join(folder, 'README.md'), '# A repository to work in\n')
  git('add', '.')
  git('commit', '--quiet', '--message=Start')
  return realpathSync(folder)
}

const writeJson = (file: string, value: object) => writeFileSync(file, JSON.stringify(value, null, 2))
