import { adapterOfProfile } from './command-profile.ts'

// Its own default allows edits and commands unasked, so the rules are set; they are merged over the person's.
const asking = JSON.stringify({ permission: { edit: 'ask', bash: 'ask' } })

/** Its title tells no state and its conversation gets its id inside, so it is only started and seen to run. */
export const opencodeAdapter = adapterOfProfile({
  id: 'opencode',
  name: 'OpenCode',
  command: 'opencode',
  places: ['~/.opencode/bin/opencode', '/opt/homebrew/bin/opencode', '/usr/local/bin/opencode'],
  missingHint: 'Install it with `npm install -g opencode-ai`, then look again.',
  testedFrom: '1.18.33',
  permissionModes: [
    { id: 'ask', label: 'ask', hint: 'Asks before edits and commands.', isDangerous: false },
    {
      id: 'own',
      label: 'your configuration',
      hint: 'Takes the rules of your OpenCode configuration.',
      isDangerous: false,
    },
    { id: 'auto', label: 'auto', hint: 'Allows everything that is not denied.', isDangerous: true },
  ],
  defaultPermissionMode: 'ask',
  environmentPatterns: ['OPENCODE_*', 'OPENAI_*', 'ANTHROPIC_*', 'OPENROUTER_*', 'GEMINI_*', 'GROQ_*', 'AWS_*'],
  lines: { model: ['--model', '{model}'], prompt: ['--prompt', '{prompt}'] },
  ofMode: (mode) => ({
    args: mode === 'auto' ? ['--auto'] : [],
    environment: mode === 'ask' ? { OPENCODE_CONFIG_CONTENT: asking } : {},
  }),
  environment: { OPENCODE_DISABLE_AUTOUPDATE: '1' },
})
