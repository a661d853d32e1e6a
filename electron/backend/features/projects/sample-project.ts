import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { createFirstCommit, initRepository, readIdentity } from '../../adapters/git/init-repository.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import { showPath } from './project-rules.ts'

const folderName = 'switchyard-sample'
/** So many samples in one folder, and the person is told to look there. */
const maxSamples = 100

/** The sample belongs to nobody in particular when the person has not told git who they are. */
const sampleIdentity = { name: 'Switchyard sample', email: 'sample@switchyard.invalid' } as const

/** Copies the sample project into a new folder under `parent` and commits it; answers the folder. */
export async function createSampleProject(
  deps: { readonly git: Git; readonly sampleDir: string },
  parent: string,
): Promise<Result<string, 'CANNOT_CREATE'>> {
  const folder = await makeFolder(parent)
  if (folder === null) {
    return refuse(
      'CANNOT_CREATE',
      `No folder can be made in ${showPath(parent)}. Choose another folder for the sample.`,
    )
  }
  await cp(deps.sampleDir, folder, { recursive: true })
  await initRepository(deps.git, folder)
  const identity = (await readIdentity(deps.git, folder)) ?? sampleIdentity
  await createFirstCommit(deps.git, folder, { message: 'Start the sample project\n', identity, includeFiles: true })
  return ok(folder)
}

async function makeFolder(parent: string): Promise<string | null> {
  for (let number = 1; number <= maxSamples; number++) {
    const folder = join(parent, number === 1 ? folderName : `${folderName}-${number}`)
    const failure = await mkdir(folder).then(
      () => null,
      (error: NodeJS.ErrnoException) => error.code ?? 'unknown',
    )
    if (failure === null) return folder
    // Only a taken name is answered with the next one; a missing or read-only parent is not.
    if (failure !== 'EEXIST') return null
  }
  return null
}
