import { ORPCError } from '@orpc/server'
import { access, readdir } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { companies, plantIn } from '../adapters/git/hostile-parties/testing.ts'
import { plants } from '../adapters/git/hostile-plants/testing.ts'
import { prepareGround } from '../adapters/git/hostile-stage/testing.ts'
import { createGitLab, type GitLab } from '../adapters/git/testing.ts'
import { readFolder } from '../testing/merge-lab.ts'
import { stepsOf, walkedProcedures } from '../testing/procedure-walk.ts'
import { addBranches, openPlace, type Place } from '../testing/walk-place.ts'
import { openRouterLab } from './testing.ts'

let gitLab: GitLab
beforeAll(async () => void (gitLab = await createGitLab()))
afterAll(() => gitLab[Symbol.asyncDispose]())

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** An entry of the person's own needs nobody's approval. */
const expectedRefusals = ['queue.approve NOT_ALLOWED']
/** Where a checkout would need a filter it is left as it is, in words, and there is nothing to undo or to mend then. */
const withFilters = [
  'merge.merge filter',
  'merge.refreshBase filter',
  'merge.undo Nothing was merged.',
  'queue.resume filter',
  'queue.enqueue filter',
  'queue.retry filter',
  'queue.retry NOT_ALLOWED',
  'queue.resolve NOT_ALLOWED',
  'queue.approve NOT_ALLOWED',
]

/** In these git itself cannot work, and says so. */
const stopping = ['partial clone', 'worktree whose .git', 'submodule']

const alone = plants.map(({ name }) => name).filter((name) => !stopping.some((part) => name.includes(part)))
/** Nothing here fetches, so that those whose remotes differ may stand together. */
const together = [[0, 1], [2], [3, 6], [4, 7], [5]].map((numbers) => numbers.flatMap((at) => companies[at] ?? []))
const parties = process.env['SWITCHYARD_TEST_PLANTS_ALONE'] ? alone.map((name) => [name]) : together
const rows = parties.map((names, index) => ({ names, index, title: names.join(', ') }))

const inWords = (error: unknown): string => {
  if (!(error instanceof Error)) throw error
  if (/would need a filter of the repository's, which Switchyard does not run/.test(error.message)) return 'filter'
  return error instanceof ORPCError ? error.code : error.message
}

const walk = async (place: Place, look: (name: string) => Promise<void>): Promise<readonly string[]> => {
  const refusals: string[] = []
  for (const [name, act] of stepsOf(place)) {
    await act().catch((error: unknown) => refusals.push(`${name} ${inWords(error)}`))
    await look(name)
  }
  return refusals
}

it.each(rows)(
  'nothing that a person does runs what is planted: $title',
  async ({ names, index }) => {
    const ground = await prepareGround(gitLab, `walk-${index}`, 'http://127.0.0.1:9')
    await addBranches(ground)
    const party = plants.filter(({ name }) => names.includes(name))
    const stages = await plantIn(ground, party)
    const lab = await openRouterLab()
    const around = async () => [await readdir(ground.base), await readFolder(ground.origin)]
    const before = await around()
    const place = await openPlace(lab, ground)
    const refusals = await walk(place, async (name) => {
      const run = await Promise.all(stages.map(({ canary }) => isThere(canary)))
      expect(
        party.filter((_, at) => run[at]).map((plant) => plant.name),
        `run by ${name}`,
      ).toEqual([])
    })
    const outside = await around()
    await lab.close()
    if (names.some((name) => name.includes('filter') || name.includes('included') || name === 'attributes file'))
      expect(refusals.filter((refusal) => !withFilters.includes(refusal))).toEqual([])
    else expect(refusals).toEqual(expectedRefusals)
    expect(outside).toEqual(before)
  },
  240_000,
)

it('every procedure of these features has a step, and every company is met', () => {
  expect(together.flat().sort()).toEqual(companies.flat().sort())
  const nowhere = { lab: { full: {} } } as Place
  const names = new Set<string>(stepsOf(nowhere).map(([name]) => name))
  expect([...names].sort()).toEqual([...walkedProcedures].sort())
})
