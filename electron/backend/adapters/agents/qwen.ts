import { adapterOfProfile } from './command-profile.ts'
import { geminiLines } from './gemini.ts'
import { readQwenTitle } from './title-rules.ts'

export const qwenAdapter = adapterOfProfile({
  id: 'qwen',
  name: 'Qwen Code',
  command: 'qwen',
  places: ['/opt/homebrew/bin/qwen', '/usr/local/bin/qwen'],
  missingHint: 'Install it with `npm install -g @qwen-code/qwen-code`, then look again.',
  testedFrom: '0.24.4',
  permissionModes: [
    { id: 'default', label: 'default', hint: 'Asks before edits and commands.', isDangerous: false },
    { id: 'plan', label: 'plan', hint: 'Reads and plans; changes nothing.', isDangerous: false },
    { id: 'auto-edit', label: 'auto-edit', hint: 'Edits without asking; asks before commands.', isDangerous: false },
    { id: 'auto', label: 'auto', hint: 'Decides by itself which calls are safe.', isDangerous: false },
    { id: 'yolo', label: 'yolo', hint: 'Does everything without asking.', isDangerous: true },
  ],
  // Always passed: without it Qwen starts in its auto mode, where a classifier says yes.
  defaultPermissionMode: 'default',
  environmentPatterns: ['QWEN_*', 'OPENAI_*', 'DASHSCOPE_*', 'BAILIAN_*'],
  lines: geminiLines,
  readTitle: readQwenTitle,
})
