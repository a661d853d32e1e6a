import { chmod, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * All hooks that git runs in a worktree: with a hooks folder of ours, git looks for each of them there, so each has to hand
 * over to the repository's own. Those of the receiving end of a push are not among them: git does not give our setting to it.
 */
export const guardedHooks = [
  'applypatch-msg',
  'pre-applypatch',
  'post-applypatch',
  'pre-commit',
  'pre-merge-commit',
  'prepare-commit-msg',
  'commit-msg',
  'post-commit',
  'pre-rebase',
  'post-checkout',
  'post-merge',
  'pre-push',
  'reference-transaction',
  'pre-auto-gc',
  'post-rewrite',
  'sendemail-validate',
  'post-index-change',
] as const

// Only a refusal stops a commit. A command that is gone or breaks must not: the check before a merge comes after it.
const hookText = `#!/bin/sh
# Asks Switchyard before a commit in the session's own worktree, then runs the repository's own hook of this name.
name=\${0##*/}
case $SWITCHYARD_HOOKS_INDEX in '' | *[!0-9]*) exit 0 ;; esac
# From here on git sees the repository's own setting again.
eval "export GIT_CONFIG_KEY_$SWITCHYARD_HOOKS_INDEX=switchyard.guarded GIT_CONFIG_VALUE_$SWITCHYARD_HOOKS_INDEX=true"
if [ "$name" = pre-commit ] && [ "$(git rev-parse --show-toplevel 2>/dev/null)" -ef "$SWITCHYARD_WORKTREE" ]; then
  "$SWITCHYARD_COMMAND" guard
  [ $? -eq 2 ] && exit 1
fi
own=$(git rev-parse --git-path hooks 2>/dev/null) || exit 0
own=$own/$name
[ "$own" -ef "$0" ] && exit 0
[ -x "$own" ] || exit 0
exec "$own" "$@"
`

/** Writes the folder that a session's git is told to look for hooks in. */
export const writeGuardHooks = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const name of guardedHooks) {
    const draft = join(folder, `${name}.${process.pid}.new`)
    await writeFile(draft, hookText, { mode: 0o500 })
    await chmod(draft, 0o500)
    await rename(draft, join(folder, name))
  }
}
