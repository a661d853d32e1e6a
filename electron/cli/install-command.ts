import { chmod, lstat, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { launcherMark, launcherText } from '../../shared/launcher/launcher-text.ts'
import { ok, refuse, type Result } from '../../shared/lib/result.ts'
import type { CliWorld } from './cli-world.ts'

/**
 * Puts the command on the person's PATH; answers in words what was done. A file of another maker is never written over.
 */
export const installCommand = async (
  args: readonly string[],
  { home, environment, self }: Pick<CliWorld, 'home' | 'environment' | 'self'>,
): Promise<Result<string, 'MALFORMED' | 'EXISTS'>> => {
  const { values, tokens } = parseArgs({
    args: [...args],
    options: { folder: { type: 'string' } },
    strict: false,
    tokens: true,
  })
  const strange = tokens.find((token) => token.kind !== 'option' || token.name !== 'folder' || !token.value)
  if (strange) return refuse('MALFORMED', 'Use it as "switchyard install" or "switchyard install --folder DIR".')
  const folder = resolve(typeof values.folder === 'string' ? values.folder : join(home, '.local', 'bin'))
  const isWindows = process.platform === 'win32'
  const path = join(folder, isWindows ? 'switchyard.cmd' : 'switchyard')
  if (!(await isFreeOrOurs(path)))
    return refuse('EXISTS', `${path} is there already and was not made by this command. Move it away, then try again.`)
  await mkdir(folder, { recursive: true })
  const draft = `${path}.${process.pid}.new`
  await writeFile(draft, launcherText(self, isWindows ? 'cmd' : 'sh'), { mode: 0o755 })
  await chmod(draft, 0o755)
  await rename(draft, path)
  const isOnPath = (environment['PATH'] ?? '').split(delimiter).includes(folder)
  const next = isOnPath ? '' : `${folder} is not on your PATH yet: add it in the start-up file of your shell.\n`
  return ok(`${path} now runs Switchyard's command.\n${next}`)
}

const isFreeOrOurs = async (path: string): Promise<boolean> => {
  // Not followed: a link to one of ours would be another person's choice.
  const found = await lstat(path).catch(() => null)
  if (!found) return true
  return found.isFile() && (await readFile(path, 'utf8')).includes(launcherMark)
}
