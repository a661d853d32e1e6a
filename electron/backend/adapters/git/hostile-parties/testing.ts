import { rm } from 'node:fs/promises'
import type { Plant } from '../hostile-plants/testing.ts'
import { setStage, type Ground, type Stage } from '../hostile-stage/testing.ts'

/**
 * Plants that do not disturb each other stand in one repository, each with a canary of its own; that plain git still runs
 * every one of them there is what the control shows.
 */
export const companies: readonly (readonly string[])[] = [
  [
    'post-checkout hook',
    'reference-transaction hook',
    'post-index-change hook',
    'commit hooks',
    'pre-auto-gc hook',
    'alternate refs command',
    'attributes file',
    'fsmonitor',
  ],
  [
    'upload-pack of the remote',
    'pager',
    'editor',
    'sequence editor',
    'alias',
    'trailer command',
    'archive command',
    'textconv',
    'external diff',
    'merge driver',
    'filter clean',
    'filter smudge',
  ],
  [
    'askpass',
    'credential helper',
    'credential helper of one host',
    'hooksPath',
    'pager of one command',
    'diff command of a driver',
    'filter process',
    'included file',
  ],
  ['ssh command', 'gpg program', 'required filter with = in its name', 'configuration of one worktree'],
  ['ext protocol', 'gpg program for ssh keys', 'filter in upper case with dots'],
  ['ext protocol by insteadOf', 'default key command', 'filter named lfs'],
  ['remote vcs', 'signature shown in logs', 'file included on our branches only'],
  ['git proxy', 'file included in linked worktrees only'],
]

export const plantIn = async (ground: Ground, party: readonly Plant[]): Promise<readonly Stage[]> => {
  const stages: Stage[] = []
  for (const [number, plant] of party.entries()) {
    const stage = await setStage(ground, number)
    await plant.place(stage)
    stages.push(stage)
  }
  // Planting with plain git may itself have set one off.
  for (const { canary } of stages) await rm(canary, { force: true })
  return stages
}
