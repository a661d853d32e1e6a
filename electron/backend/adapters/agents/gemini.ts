import { adapterOfProfile, type LaunchLines } from './command-profile.ts'
import { isGeminiPromptEmpty } from './prompt-rules.ts'
import { readGeminiTitle } from './title-rules.ts'

/** Also those of Qwen Code, which began as a copy of Gemini CLI. */
export const geminiLines: LaunchLines = {
  start: ['--session-id', '{conversation}'],
  resume: ['--resume', '{conversation}'],
  mode: ['--approval-mode', '{mode}'],
  model: ['-m', '{model}'],
  // A prompt without -i would be answered once, and the program would end.
  prompt: ['-i', '{prompt}'],
}

/**
 * Without a settings file of ours: the system settings it would have to stand in for may hold an organisation's rules.
 * Trust in the folder is asked by Gemini itself.
 */
export const geminiAdapter = adapterOfProfile({
  id: 'gemini',
  name: 'Gemini CLI',
  command: 'gemini',
  places: ['/opt/homebrew/bin/gemini', '/usr/local/bin/gemini'],
  missingHint: 'Install it with `npm install -g @google/gemini-cli`, then look again.',
  testedFrom: '0.61.0',
  permissionModes: [
    { id: 'default', label: 'default', hint: 'Asks before edits and commands.', isDangerous: false },
    { id: 'auto_edit', label: 'auto_edit', hint: 'Edits without asking; asks before commands.', isDangerous: false },
    { id: 'plan', label: 'plan', hint: 'Reads and plans; changes nothing.', isDangerous: false },
    { id: 'yolo', label: 'yolo', hint: 'Does everything without asking.', isDangerous: true },
  ],
  defaultPermissionMode: null,
  environmentPatterns: ['GEMINI_*', 'GOOGLE_*'],
  lines: geminiLines,
  readTitle: readGeminiTitle,
  isPromptEmpty: isGeminiPromptEmpty,
})
