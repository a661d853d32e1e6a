import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Project } from '../../../../shared/contract/projects.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import type { Git } from '../../adapters/git/run-git.ts'
import type { Identity } from '../../kernel/identity.ts'
import { createTestKernel, silentLog, type TestKernel } from '../../kernel/testing.ts'
import { createStandInGit, type StandInGit } from '../../testing/stand-in-git.ts'
import { listFiles } from '../../testing/stand-in-store.ts'
import { valueOf } from './testing.ts'
import { createWorktreesService, type WorktreesService } from './worktrees-service.ts'
import { findWorktreeRecord } from './worktrees-store.ts'

// I10 against a reference of what each worktree holds and what a person has said: whatever is asked in whatever order, with
// the app or its git killed at anything they do, also while the next start takes up what was cut short. The same promise
// with real git is in rescue-model.test.ts; here git is a stand-in, so that stories come by the thousand.

const runs = Number(process.env['SWITCHYARD_TEST_MODEL_RUNS'] ?? 1_000)
const person: Identity = { kind: 'person', id: 'desktop', right: 'full' }
const projectId = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAV' as Project['id']

const who = fc.nat(1)
/** The app dies at the n-th thing it asks of git or its database from now on; and again while it takes that up. */
const die = fc.option(
  fc.record({
    at: fc.integer({ min: 1, max: 45 }),
    when: fc.constantFrom('before' as const, 'within', 'after'),
    againAt: fc.option(fc.integer({ min: 1, max: 30 }), { freq: 1 }),
  }),
  { freq: 2 },
)
const work = fc.record({
  kind: fc.constant('work' as const),
  who,
  what: fc.constantFrom('write' as const, 'write', 'add', 'commit', 'delete', 'link', 'detach', 'branch', 'nest'),
  name: fc.constantFrom('a.txt', 'deep/er/b.txt', 'deep/c.txt', 'ümläut.txt', 'space and "quote"'),
  text: fc.constantFrom('', 'one\n', 'two\r\n', '\u0000\u00ff', 'three'),
})
const wish = fc.record({
  kind: fc.constantFrom('remove' as const, 'remove', 'restore'),
  who,
  deleteBranch: fc.boolean(),
  die,
})
const system = fc.record({
  kind: fc.constantFrom('refresh' as const, 'refresh-all', 'rescue', 'require', 'prepare', 'restart'),
  who,
  die,
})
const step = fc.oneof({ weight: 5, arbitrary: work }, { weight: 5, arbitrary: wish }, { weight: 3, arbitrary: system })
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never
type Die = typeof die extends fc.Arbitrary<infer Value> ? Value : never

let root: string
let kernel: TestKernel
beforeAll(async () => {
  // In memory where there is such a place: a thousand stories are a million files.
  const memory = '/dev/shm'
  root = realpathSync(mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'switchyard-reconcile-')))
  kernel = createTestKernel()
  await kernel.database.writer.run(
    `INSERT INTO projects (id, name, root_path, common_dir, state, notes, created_at, opened_at)
     VALUES (?, 'app', '/', '/', '{}', '[]', 0, 0)`,
    projectId,
  )
})
afterAll(async () => {
  await kernel.close()
  rmSync(root, { recursive: true, force: true })
})

class Killed extends Error {}
interface Life {
  readonly worktrees: WorktreesService
  isDead: boolean
}
/** What a worktree holds, and whether a person has said that it may go. */
interface Known {
  readonly id: WorktreeId
  readonly path: string
  files: ReadonlyMap<string, string>
  head: string
  wish: 'stay' | 'go' | 'gone' | 'return'
}
interface World {
  readonly git: StandInGit
  readonly project: Project
  readonly folder: string
  readonly all: Known[]
  life: Life
  rescues: number
}

/** One start of the app on what is there; it dies as told. */
const start = ({ git, project, folder }: Pick<World, 'git' | 'project' | 'folder'>, dying: Die): Life => {
  const life = { isDead: false }
  let asked = 0
  const mayDie = async <Value>(work: () => Promise<Value>, tear: () => boolean): Promise<Value> => {
    asked += 1
    const isHere = dying !== null && asked === dying.at
    if (isHere && (dying.when === 'before' || (dying.when === 'within' && tear()))) life.isDead = true
    if (life.isDead) throw new Killed()
    const value = await work()
    if (isHere) life.isDead = true
    if (life.isDead) throw new Killed()
    return value
  }
  const whole = () => false
  const dyingGit: Git = {
    ...git,
    run: (request) =>
      mayDie(
        () => git.run(request),
        () => git.tear(request),
      ),
  }
  const base = ok({ ref: 'main', sha: git.headOf(git.repository) ?? '', fetchedAt: null, note: null })
  const worktrees = createWorktreesService({
    database: { ...kernel.database, read: (read) => mayDie(() => kernel.database.read(read), whole) },
    runCommand: (options, command) => mayDie(() => kernel.runCommand(options, command), whole),
    git: dyingGit,
    log: silentLog,
    projects: {
      find: async () => project,
      requireUsable: async () => ok(project),
      freshBase: async () => base,
      knownBase: async () => base,
    },
    worktreesRoot: join(folder, 'worktrees'),
    branchPrefix: 'switchyard/',
    watchFolder: null,
  })
  return Object.assign(life, { worktrees })
}

const alive = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => {
      if (!(error instanceof Killed)) throw error
    },
  )

/** The app starts, and takes up what was cut short; killed at that too, it starts once more. */
const restart = async (world: World, dying: Die) => {
  world.life = start(world, dying)
  await alive(world.life.worktrees.resumeUnfinished())
  if (!world.life.isDead) return
  await expectSafe(world)
  world.life = start(world, null)
  await world.life.worktrees.resumeUnfinished()
}

const filesIn = (path: string) =>
  new Map(existsSync(path) ? [...listFiles(path, true)].map(([name, { oid }]) => [name, oid]) : [])
const rowOf = (id: WorktreeId) => kernel.database.read((tx) => findWorktreeRecord(tx, id))

/** True at any moment: what nobody gave away is where it was; the rest is there or kept by a ref. */
const expectSafe = async ({ git, all }: World) => {
  for (const { path, files, head, wish } of all) {
    const there = filesIn(path)
    if (wish === 'stay') {
      expect(there).toEqual(files)
      expect(git.headOf(path)).toBe(head)
      continue
    }
    const kept = new Set([...there.values(), ...git.reachable('refs/switchyard/rescue/')])
    for (const [name, oid] of files) expect(kept.has(oid), name).toBe(true)
    expect(kept.has(head) || git.reachable('refs/heads/').has(head), 'the last commit').toBe(true)
  }
}

/** True once the app has taken up what was cut short: each worktree is there as a whole or gone as a whole. */
const expectSettled = async (world: World) => {
  for (const known of world.all) {
    const record = await rowOf(known.id)
    expect(record?.operation).toBeNull()
    const state = record?.worktree.state
    const { git } = world
    if (state?.kind === 'ok') {
      expect(filesIn(known.path)).toEqual(known.files)
      expect([git.headOf(known.path), git.isListed(known.path)]).toEqual([known.head, true])
      known.wish = 'stay'
    } else {
      expect([state?.kind, known.wish]).toEqual(['deleted', expect.stringMatching(/^(?:go|gone|return)$/)])
      expect([existsSync(known.path), git.isListed(known.path)]).toEqual([false, false])
      const rescueRef = (state?.kind === 'deleted' && state.rescueRef) || 'none'
      const kept = git.reachable(rescueRef)
      for (const [name, oid] of known.files) expect(kept.has(oid), name).toBe(true)
      expect(kept.has(known.head)).toBe(true)
      known.wish = 'gone'
    }
  }
}

const put = (path: string, what: 'write' | 'link', text: string) => {
  rmSync(path, { recursive: true, force: true })
  mkdirSync(dirname(path), { recursive: true })
  if (what === 'link') symlinkSync(`to ${text.length}`, path)
  else writeFileSync(path, text, 'latin1')
}

let lastBranch = 0
/** What an agent does; the reference is what it left. */
const doWork = ({ git }: World, known: Known, { what, name, text }: Extract<Step, { kind: 'work' }>) => {
  if (known.wish !== 'stay') return
  const file = join(known.path, name)
  if (what === 'write' || what === 'link') put(file, what, text)
  else if (what === 'delete') rmSync(file, { recursive: true, force: true })
  else if (what === 'detach' || what === 'branch')
    git.checkOut(known.path, what === 'branch' ? `other-${(lastBranch += 1)}` : null)
  else if (what === 'nest') {
    put(join(known.path, 'inner', '.git', 'HEAD'), 'write', 'ref: refs/heads/main\n')
    put(join(known.path, 'inner', 'file'), 'write', text)
  } else {
    put(file, 'write', text)
    git.add(known.path, name)
    if (what === 'commit') git.commit(known.path)
  }
  known.files = filesIn(known.path)
  known.head = git.headOf(known.path) ?? ''
}

/** The person moves the repository inside away, without which the work cannot be saved. */
const unnest = (known: Known) => {
  rmSync(join(known.path, 'inner'), { recursive: true, force: true })
  known.files = filesIn(known.path)
}

const ask = async (world: World, known: Known, taken: Exclude<Step, { kind: 'work' | 'restart' }>) => {
  const { worktrees } = world.life
  const { id } = known
  switch (taken.kind) {
    case 'remove': {
      const isNested = existsSync(join(known.path, 'inner'))
      if (known.wish === 'stay') known.wish = 'go'
      const removed = await worktrees.remove(id, { deleteBranch: taken.deleteBranch }, person)
      expect(removed.ok, 'a repository inside is refused, and nothing else').toBe(!isNested)
      if (isNested) known.wish = 'stay'
      return
    }
    case 'restore':
      if (known.wish === 'gone') known.wish = 'return'
      return void valueOf(await worktrees.restore(id, person))
    case 'rescue':
      return void (await worktrees.rescue(id, `att_${(world.rescues += 1)}`))
    case 'refresh':
      return void (await worktrees.refresh(id))
    case 'refresh-all':
      return worktrees.refreshAll(new AbortController().signal)
    case 'require':
      return void (await worktrees.requireFolder(id))
    case 'prepare':
      return void (await worktrees.prepare(id))
  }
}

const take = async (world: World, taken: Step) => {
  const known = world.all[taken.who]
  if (!known) return
  if (taken.kind === 'work') return doWork(world, known, taken)
  if (taken.kind === 'restart') await restart(world, taken.die)
  else {
    world.life = start(world, taken.die)
    await alive(ask(world, known, taken))
    if (world.life.isDead) {
      await expectSafe(world)
      const again = taken.die?.againAt ?? null
      await restart(world, again === null || !taken.die ? null : { ...taken.die, at: again })
    }
  }
  await expectSafe(world)
  await expectSettled(world)
}

/** Makes a worktree, killed at it first when told so. */
const make = async (world: World, n: number, dying: Die) => {
  const checked = {
    project: world.project,
    plan: { kind: 'new-branch', branch: null, startRef: null, path: null } as const,
    takenBranches: [],
    root: join(world.folder, 'worktrees'),
    slug: `work-${n}`,
  }
  const planned = valueOf(
    await kernel.runCommand<Worktree, 'BRANCH_EXISTS'>({ name: 'plan', by: person }, (context) =>
      start(world, null).worktrees.addPlanned(context, checked),
    ),
  )
  await alive(start(world, dying).worktrees.prepare(planned.id))
  const { id, path, headSha } = valueOf(await start(world, null).worktrees.prepare(planned.id))
  world.all.push({ id, path, files: filesIn(path), head: headSha ?? '', wish: 'stay' })
}

let stories = 0
let removals = 0
const tell = async ({ births, steps }: { readonly births: readonly Die[]; readonly steps: readonly Step[] }) => {
  const folder = join(root, `story-${(stories += 1)}`)
  const git = createStandInGit(join(folder, 'repository'))
  put(join(git.repository, 'readme.md'), 'write', 'hello\n')
  git.add(git.repository, 'readme.md')
  git.commit(git.repository)
  const project = { id: projectId, name: 'app', rootPath: git.repository, commonDir: git.commonDir } as Project
  await kernel.database.writer.run('DELETE FROM worktrees')
  const world: World = { git, project, folder, all: [], life: start({ git, project, folder }, null), rescues: 0 }
  for (const [n, dying] of births.entries()) await make(world, n, dying)
  await expectSettled(world)
  for (const taken of steps) await take(world, taken)
  // Whatever happened, a person can still have it gone, and have it back as it was. Seen of each third, for the time it takes.
  for (const known of world.all.slice(0, stories % 3 === 0 ? 1 : 0)) {
    if (known.wish === 'stay') {
      unnest(known)
      known.wish = 'go'
      valueOf(await start(world, null).worktrees.remove(known.id, { deleteBranch: true }, person))
    }
    await expectSettled(world)
    valueOf(await start(world, null).worktrees.restore(known.id, person))
    await expectSettled(world)
    expect(known.wish).toBe('stay')
    removals += 1
  }
  rmSync(folder, { recursive: true, force: true })
}

it(
  `I10: work is there or kept by a ref at any moment, and each worktree is whole after a restart (${runs} runs)`,
  async () => {
    const story = fc.record({
      births: fc.oneof({ weight: 3, arbitrary: fc.tuple(die) }, { weight: 1, arbitrary: fc.tuple(die, die) }),
      steps: fc.array(step, { minLength: 1, maxLength: 4, size: 'max' }),
    })
    await fc.assert(fc.asyncProperty(story, tell), { numRuns: runs })
    expect(removals).toBeGreaterThanOrEqual(Math.floor(runs / 3))
  },
  120_000 + runs * 500,
)
