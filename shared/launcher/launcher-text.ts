/** What starts the `switchyard` command: a Node and a script. Electron is a Node when it is told to be. */
export interface LauncherTarget {
  readonly node: string
  readonly script: string
  readonly needsRunAsNode: boolean
}

/** In every launcher, so that one of ours is known from a file of another maker. */
export const launcherMark = 'Starts the command of Switchyard.'

/** The text of a file named `switchyard` (sh) or `switchyard.cmd`. */
export const launcherText = ({ node, script, needsRunAsNode }: LauncherTarget, shell: 'sh' | 'cmd'): string =>
  shell === 'sh'
    ? [
        '#!/bin/sh',
        `# ${launcherMark}`,
        `${needsRunAsNode ? 'ELECTRON_RUN_AS_NODE=1 ' : ''}exec ${quoted(node)} ${quoted(script)} "$@"`,
        '',
      ].join('\n')
    : [
        '@echo off',
        `rem ${launcherMark}`,
        'setlocal',
        ...(needsRunAsNode ? ['set ELECTRON_RUN_AS_NODE=1'] : []),
        `"${percent(node)}" "${percent(script)}" %*`,
        '',
      ].join('\r\n')

/** One word of a shell, whatever is in it. */
const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`

const percent = (text: string) => text.replaceAll('%', '%%')
