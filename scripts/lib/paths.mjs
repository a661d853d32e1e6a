// Where things are, for every script. Plain JavaScript that runs on Node 18, because `npm start` begins there.
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** A path inside the repository. */
export const inRoot = (...parts) => join(root, ...parts)

/** The Node 24 that comes as a package, on this platform. It exists only after the set-up. */
export const pinnedNode = () =>
  inRoot('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** Whether this very process runs on it. */
export const isPinnedNode = () =>
  existsSync(pinnedNode()) && realpathSync(pinnedNode()) === realpathSync(process.execPath)

/** The Node to run tools with: the pinned one when it is installed, otherwise the one running now. */
export const toolNode = () => (existsSync(pinnedNode()) ? pinnedNode() : process.execPath)

/** The entry file of an installed package's command, to be run with `toolNode()` and without a shell. */
export function toolEntry(name, command = name) {
  const folder = inRoot('node_modules', ...name.split('/'))
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof bin === 'string' ? bin : bin[command])
}
