/** What the command does by itself, beside the verbs of the app. */
export const ownCommands = {
  run: {
    usage: 'run --task KEY|--next [--project DIR] [--commit] -- COMMAND...',
    description:
      'Claims a task, runs any command for it and submits what came of it; a command that fails gives the task up. ' +
      'The command finds the task in SWITCHYARD_TASK_KEY, its text in the file SWITCHYARD_TASK_BRIEF, and takes a ' +
      'checkpoint by writing the file SWITCHYARD_TASK_CHECKPOINT. --commit commits what it changed. ' +
      'Outside of a session it works on the repository of DIR, also while the app is closed.',
  },
  guard: {
    usage: 'guard',
    description: 'Asks whether what is staged may be committed; the commit hook of a session runs it.',
  },
  completion: {
    usage: 'completion bash|zsh|fish',
    description: 'Prints a script that completes this command in your shell; how to use it stands at its top.',
  },
  install: {
    usage: 'install [--folder DIR]',
    description: 'Puts this command into ~/.local/bin (or DIR), for terminals outside of the app.',
  },
} as const satisfies Record<string, { usage: string; description: string }>

export type OwnName = keyof typeof ownCommands

export const ownNames = Object.keys(ownCommands) as readonly OwnName[]
export const isOwnName = (name: string): name is OwnName => Object.hasOwn(ownCommands, name)
