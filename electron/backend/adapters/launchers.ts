import { chmod, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { launcherText } from '../../../shared/launcher/launcher-text.ts'
import { writeGuardHooks } from './guard-hooks.ts'

/** Within the folder of the launchers. */
export const hooksFolderName = 'git-hooks'

/**
 * Writes the files that start the `switchyard` command into a folder for the PATH of terminals. Written at each start of
 * the app, since an upgrade may have moved what they start; each whole or not at all, since agents may be starting them.
 * Beside them lie the hooks that guard commits. Answers the folder.
 */
export const writeLaunchers = async (
  folder: string,
  node: { readonly path: string; readonly needsRunAsNode: boolean },
  script: string,
): Promise<string> => {
  const target = { node: node.path, script, needsRunAsNode: node.needsRunAsNode }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const files = { switchyard: 'sh', 'switchyard.cmd': 'cmd' } as const
  for (const [name, shell] of Object.entries(files)) {
    const draft = join(folder, `${name}.${process.pid}.new`)
    await writeFile(draft, launcherText(target, shell), { mode: 0o700 })
    // The umask may have taken the right to run it.
    await chmod(draft, 0o700)
    await rename(draft, join(folder, name))
  }
  await writeGuardHooks(join(folder, hooksFolderName))
  return folder
}
