import { adapterOfProfile } from './command-profile.ts'

/** It answers a prompt given at the start and ends, so it is started without one. Its conversation has no id. */
export const aiderAdapter = adapterOfProfile({
  id: 'aider',
  name: 'Aider',
  command: 'aider',
  places: ['~/.local/bin/aider', '/opt/homebrew/bin/aider', '/usr/local/bin/aider'],
  missingHint: 'Install it with `pipx install aider-chat`, then look again.',
  permissionModes: [
    { id: 'ask', label: 'ask', hint: 'Asks before it creates files or runs commands.', isDangerous: false },
    { id: 'yes-always', label: 'yes-always', hint: 'Says yes to every question.', isDangerous: true },
  ],
  defaultPermissionMode: null,
  environmentPatterns: ['AIDER_*', 'OPENAI_*', 'ANTHROPIC_*', 'GEMINI_*', 'DEEPSEEK_*', 'OPENROUTER_*', 'OLLAMA_*'],
  lines: { always: ['--no-check-update'], model: ['--model', '{model}'] },
  ofMode: (mode) => ({ args: mode === 'yes-always' ? ['--yes-always'] : [] }),
})
