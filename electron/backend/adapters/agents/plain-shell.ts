import { basename } from 'node:path'
import type { AgentAdapter } from './agent-adapter.ts'

/** The person's own shell, as a new terminal would start it. What it does is its own affair: its state stays unknown. */
export const plainShellAdapter: AgentAdapter = {
  id: 'shell',
  name: 'Shell',
  command: null,
  places: [],
  missingHint: 'Set SHELL to the path of your shell, then look again.',
  testedFrom: null,
  permissionModes: [],
  defaultPermissionMode: null,
  models: [],
  takesPrompt: false,
  canResume: false,
  statusSource: 'process',
  // A shell is the person at work: it gets all they have. Its start-up files would set most of it anyway.
  environmentPatterns: ['*'],
  launch: ({ executable, environment }) => ({
    argv: [executable, ...loginArguments(executable)],
    environment: basename(executable) === 'bash' ? keepCommandOnPath(environment['PROMPT_COMMAND']) : {},
    files: [],
  }),
}

/**
 * Debian's /etc/profile sets PATH anew in every login shell, and `switchyard` would be gone from it. bash runs this before
 * each prompt; one that the person's own start-up files set wins over it.
 */
const keepCommandOnPath = (own = '') => {
  const folder = '${SWITCHYARD_COMMAND%/*}'
  const keep = `case ":$PATH:" in *":${folder}:"*) ;; *) PATH="${folder}:$PATH" ;; esac`
  return { PROMPT_COMMAND: own === '' ? keep : `${keep}; ${own}` }
}

/** Start-up files of a login shell are read, as terminal programs do on every system by now. */
export const loginArguments = (shell: string): readonly string[] =>
  ['bash', 'zsh', 'fish', 'ksh', 'tcsh'].includes(basename(shell)) ? ['-l'] : []
