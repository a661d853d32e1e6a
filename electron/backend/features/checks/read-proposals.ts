import { z } from 'zod'
import type { CheckProposal } from '../../../../shared/contract/checks.ts'
import type { ProjectId } from '../../../../shared/lib/ids.ts'
import { ok, type Result } from '../../../../shared/lib/result.ts'
import { readBlobs, readObjectInfo } from '../../adapters/git/git-objects.ts'
import { resolveNames } from '../../adapters/git/review-points.ts'
import type { ChecksDeps } from './checks-parts.ts'
import { listChecks } from './checks-store.ts'
import { lockFiles, proposalFiles, proposeChecks } from './proposal-rules.ts'

/** No file that people write is larger. */
const mostBytes = 1024 * 1024

/** Reads what the main checkout's last commit suggests: never a file that somebody is writing. */
export const readProposals = async (
  deps: ChecksDeps,
  projectId: ProjectId,
): Promise<Result<CheckProposal[], 'NOT_FOUND' | 'PROJECT_UNUSABLE'>> => {
  const usable = await deps.projects.requireUsable(projectId)
  if (!usable.ok) return usable
  const cwd = usable.value.rootPath
  const names = [...proposalFiles, ...lockFiles]
  const oids = await resolveNames(
    deps.git,
    cwd,
    names.map((name) => `HEAD:${name}`),
  )
  const oidByName = new Map(names.flatMap((name, at) => (oids[at] ? [[name, oids[at]] as const] : [])))
  const infos = await readObjectInfo(deps.git, cwd, [...oidByName.values()])
  const wanted = proposalFiles.flatMap((name) => {
    const oid = oidByName.get(name)
    const info = infos.get(oid ?? '')
    return oid !== undefined && info?.type === 'blob' && info.size <= mostBytes ? [[name, oid] as const] : []
  })
  const blobs = await readBlobs(deps.git, cwd, [...new Set(wanted.map(([, oid]) => oid))])
  const texts = new Map(wanted.map(([name, oid]) => [name, blobs.get(oid)?.toString('utf8') ?? '']))
  const scripts = await readScripts(texts.get('package.json') ?? 'null')
  const checks = await deps.database.read((tx) => listChecks(tx, projectId))
  return ok(proposeChecks({ texts, scripts, present: new Set(oidByName.keys()) }, checks))
}

const packageSchema = z.object({ scripts: z.record(z.string(), z.string()) })

/** None where there is no JSON, or none of this form. */
const readScripts = (text: string): Promise<Readonly<Record<string, string>>> =>
  Promise.resolve(text)
    .then((json) => packageSchema.parse(JSON.parse(json)).scripts)
    .catch(() => ({}))
