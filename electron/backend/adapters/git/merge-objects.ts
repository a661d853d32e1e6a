import { constants } from 'node:fs'
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { withScratch } from './predict-conflicts.ts'
import type { MergePlace } from './merge-tree.ts'
import type { Git } from './run-git.ts'

/** A place of its own for one merge, which is gone when it is disposed of; and git that stores there. */
export interface MergeDesk extends AsyncDisposable {
  readonly place: MergePlace
  readonly git: Git
}

export async function openMergeDesk(
  git: Git,
  input: { readonly folder: string; readonly cwd: string; readonly commonDir: string },
): Promise<MergeDesk> {
  await mkdir(input.folder, { recursive: true, mode: 0o700 })
  const own = await mkdtemp(join(input.folder, 'desk-'))
  const [objects, attributes] = [join(own, 'objects'), join(own, 'attributes')]
  await mkdir(objects)
  await mkdir(attributes)
  return {
    place: { cwd: input.cwd, objects, attributes },
    git: withScratch(git, { folder: objects, commonDir: input.commonDir }),
    [Symbol.asyncDispose]: () => rm(own, { recursive: true, force: true }),
  }
}

/**
 * Puts what was made for a merge into the repository. Each object is on the disk before it has its name, as git does it:
 * a branch that points to it must not outlive it when the power fails.
 */
export async function keepObjects(place: MergePlace, commonDir: string): Promise<void> {
  for (const below of await readdir(place.objects)) {
    if (!/^[0-9a-f]{2}$/.test(below)) continue
    const target = join(commonDir, 'objects', below)
    for (const name of await readdir(join(place.objects, below))) {
      if (await isThere(join(target, name))) continue
      await mkdir(target, { recursive: true })
      await keepFile(join(place.objects, below, name), target, name)
    }
  }
}

async function keepFile(from: string, folder: string, name: string): Promise<void> {
  const bytes = await readFile(from)
  const draft = join(folder, `tmp_obj_${crypto.randomUUID()}`)
  {
    await using file = await open(draft, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o444)
    await file.writeFile(bytes)
    await file.sync()
  }
  await rename(draft, join(folder, name))
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
