import { adapterOfProfile } from './command-profile.ts'
import { isCodexPromptEmpty } from './prompt-rules.ts'
import { readCodexTitle } from './title-rules.ts'

const modes: Readonly<Record<string, readonly string[]>> = {
  'read-only': ['-s', 'read-only', '-a', 'on-request'],
  'workspace-write': ['-s', 'workspace-write', '-a', 'on-request'],
  'danger-full-access': ['-s', 'danger-full-access', '-a', 'never'],
}

/**
 * Its hooks need a hash of trust per command line and its conversation has no id before its first hook, so it is started
 * without both: its title tells the state, and it is not resumed rather than resumed with a guess. Trust in the folder
 * is asked by Codex itself: trusting by flag would also switch on the repository's own configuration.
 */
export const codexAdapter = adapterOfProfile({
  id: 'codex',
  name: 'Codex',
  command: 'codex',
  places: ['~/.local/bin/codex', '/opt/homebrew/bin/codex', '/usr/local/bin/codex'],
  missingHint: 'Install it with `npm install -g @openai/codex`, then look again.',
  testedFrom: '0.169.0',
  permissionModes: [
    { id: 'read-only', label: 'read-only', hint: 'Reads; asks before it changes anything.', isDangerous: false },
    {
      id: 'workspace-write',
      label: 'workspace-write',
      hint: 'Edits inside the worktree; asks for the rest.',
      isDangerous: false,
    },
    { id: 'danger-full-access', label: 'danger-full-access', hint: 'No sandbox and no questions.', isDangerous: true },
  ],
  defaultPermissionMode: null,
  environmentPatterns: ['OPENAI_*', 'CODEX_*', 'AZURE_OPENAI_*'],
  lines: {
    always: ['-c', 'check_for_update_on_startup=false', '--no-daemon'],
    model: ['-m', '{model}'],
    prompt: ['{prompt}'],
  },
  ofMode: (mode) => ({ args: mode === null ? [] : (modes[mode] ?? []) }),
  readTitle: readCodexTitle,
  isPromptEmpty: isCodexPromptEmpty,
})
