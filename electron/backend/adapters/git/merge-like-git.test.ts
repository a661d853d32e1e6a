import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { historyArbitrary, importStream, type History } from '../../testing/git-histories.ts'
import { buildMerge, type Built } from './merge-build.ts'
import { keepObjects, openMergeDesk } from './merge-objects.ts'
import { createGitLab, type GitLab } from './testing.ts'

// Every way to merge, over generated histories, against plain git in a clone: the same tree, parents, authors and messages,
// or the same conflicts at the same commit. More of them with SWITCHYARD_TEST_MERGES, others with SWITCHYARD_TEST_SEED.

const runs = Number(process.env['SWITCHYARD_TEST_MERGES'] ?? 320)
const seed = Number(process.env['SWITCHYARD_TEST_SEED'] ?? 42)
const execute = promisify(execFile)
const ways = ['merge', 'squash', 'rebase', 'fast-forward'] as const
type Way = (typeof ways)[number]

const histories: readonly History[] = fc.sample(historyArbitrary, { numRuns: runs, seed })
/** A rebase, in which most can go wrong, every other time. */
const wayOf = (number: number): Way => (number % 2 === 0 ? 'rebase' : (ways[((number - 1) / 2) % 4] ?? 'merge'))

let lab: GitLab
let [repo, clone] = ['', '']

/** What plain git makes of each history, in one process of a shell. */
const plainScript = `
export GIT_AUTHOR_DATE='1800000000 +0000' GIT_COMMITTER_DATE='1800000000 +0000' GIT_EDITOR=true
while read -r number way target topic; do
  echo "== $number"
  from=$target; [ "$way" = rebase ] && from=$topic
  rm -f .git/index; git clean -qfdx; git checkout -q -f --detach $from || exit 1
  code=0
  case $way in
    merge) git merge -q --no-ff -m merged $topic >out 2>&1 || code=$? ;;
    squash) git merge -q --squash $topic >out 2>&1 || code=$?
      [ $code = 0 ] && { git commit -q -m merged >out 2>&1 || [ $? = 1 ] || code=9; } ;;
    fast-forward) git merge -q --ff-only $topic >out 2>&1 || code=$? ;;
    rebase) git rebase -q $target >out 2>&1 || code=$? ;;
  esac
  rm -f out
  head=$(git rev-parse HEAD)
  if [ $code = 1 ]; then
    echo "conflicts $(git rev-parse -q --verify REBASE_HEAD) $(git ls-files -z --unmerged | cut -z -f2- | sed -z 's/~HEAD$//;s/~[0-9a-f]\\{7,\\} (.*)$//;s/~[0-9a-f]\\{40\\}$//' | LC_ALL=C sort -zu | base64 -w0)"
    git rebase --abort >/dev/null 2>&1 || git reset -q --hard
  elif [ "$way $code" = "fast-forward 128" ]; then echo 'not-fast-forward'
  elif [ $code != 0 ]; then echo "failed $code"
  elif [ $head = $target ]; then echo 'already-merged'
  else echo "built $head"
  fi
done
`

beforeAll(async () => {
  lab = await createGitLab()
  repo = join(lab.root, 'repo')
  clone = join(lab.root, 'clone')
  await mkdir(repo)
  await lab.plain(repo, 'init', '-q', '--initial-branch=main')
  await writeFile(join(lab.root, 'stream'), importStream(histories))
  await execute('sh', ['-c', 'git fast-import --quiet < ../stream'], { cwd: repo, env: lab.env })
  await lab.plain(lab.root, 'clone', '-q', '--shared', '--no-checkout', repo, clone)
}, 60_000)
afterAll(() => lab[Symbol.asyncDispose]())

interface Sides {
  readonly target: string
  readonly topic: string
}

const readSides = async (): Promise<readonly Sides[]> => {
  const refs = await lab.plain(repo, 'for-each-ref', '--format=%(refname) %(objectname)', 'refs/heads')
  const shas = new Map(refs.split('\n').map((line) => line.split(' ') as [string, string]))
  const find = (number: number, name: string): string => shas.get(`refs/heads/${number}/${name}`) ?? ''
  return histories.map((_, number) => ({ target: find(number, 'main'), topic: find(number, 'topic') }))
}

const askGit = async (sides: readonly Sides[]): Promise<readonly string[]> => {
  const lines = sides.map(({ target, topic }, number) => `${number} ${wayOf(number)} ${target} ${topic}\n`)
  await writeFile(join(lab.root, 'plain.sh'), plainScript)
  await writeFile(join(lab.root, 'wanted'), lines.join(''))
  const options = { cwd: clone, env: lab.env, maxBuffer: 256 * 1024 * 1024 }
  const { stdout } = await execute('bash', ['-c', 'bash ../plain.sh < ../wanted'], options)
  return stdout
    .split(/^== \d+\n/m)
    .slice(1)
    .map((answer) => answer.trim())
}

const committer = 'Test Person <person@example.com> 1800000000 +0000'

const askUs = async (number: number, { target, topic }: Sides): Promise<string> => {
  const strategy = wayOf(number)
  await using desk = await openMergeDesk(lab.git, {
    folder: join(lab.root, 'desks'),
    cwd: repo,
    commonDir: join(repo, '.git'),
  })
  const input = { source: topic, onto: target, strategy, message: 'merged\n', committer }
  const built = await buildMerge(desk.git, desk.place, input)
  if (built.kind === 'built') await keepObjects(desk.place, join(repo, '.git'))
  return inWords(built)
}

const inWords = (built: Built): string => {
  if (built.kind === 'built') return `built ${built.commit}`
  if (built.kind !== 'conflicts') return built.kind
  const staged = built.conflicts.filter(({ stages }) => stages[1] ?? stages[2] ?? stages[3])
  const names = staged.map(({ rawPath }) => Buffer.from(`${rawPath}\0`, 'latin1')).sort((a, b) => a.compare(b))
  return `conflicts ${built.at?.sha ?? ''} ${Buffer.concat(names).toString('base64')}`
}

/** All that is said of what was built: trees, other parents, authors with their times, messages; from the target on. */
const describe = async (
  cwd: string,
  sides: readonly Sides[],
  answers: readonly string[],
): Promise<readonly string[]> => {
  const format = '%T%x09%P%x09%an%x09%ae%x09%ad%x09%cn%x09%B%x00'
  const lines = answers.map((answer, number) => {
    const commit = answer.replace(/^built /, '')
    return commit === answer
      ? `echo; echo ==`
      : `git log --first-parent --date=raw --format='${format}' ${sides[number]?.target}..${commit}; echo ==`
  })
  await writeFile(join(lab.root, 'describe.sh'), lines.join('\n'))
  const options = { cwd, env: lab.env, maxBuffer: 256 * 1024 * 1024 }
  const { stdout } = await execute('bash', ['../describe.sh'], options)
  return (
    stdout
      .split('==\n')
      .slice(0, -1)
      // The first parents are what is being compared; they have the committer's time in them.
      .map((text) => text.replaceAll(/\t[0-9a-f]{40}((?: [0-9a-f]{40})*)\t/g, '\t$1\t'))
  )
}

it(`${runs} histories: what git makes of them, or what stands in its way`, { timeout: 20 * 60_000 }, async () => {
  const sides = await readSides()
  const expected = await askGit(sides)
  const answers: string[] = []
  for (const [number, side] of sides.entries()) {
    const answer = await askUs(number, side)
    const withoutCommit = (text: string | undefined): string | undefined => text?.replace(/^built .*/, 'built')
    expect(withoutCommit(answer), `history ${number} by ${wayOf(number)}`).toBe(withoutCommit(expected[number]))
    answers.push(answer)
  }
  const [ours, theirs] = [await describe(repo, sides, answers), await describe(clone, sides, expected)]
  for (const number of sides.keys()) expect(ours[number], `history ${number} by ${wayOf(number)}`).toBe(theirs[number])
  const built = answers.flatMap((answer) => /^built (.*)/.exec(answer)?.[1] ?? [])
  await lab.plain(repo, 'fsck', '--no-dangling', '--no-progress', ...built)
  // Enough of each, so that none is tested in name only.
  const count = (way: Way, kind: string): number =>
    answers.filter((answer, number) => wayOf(number) === way && answer.startsWith(kind)).length
  if (runs < 300) return
  for (const way of ways) expect(count(way, 'built'), way).toBeGreaterThan(5)
  for (const way of ['merge', 'squash', 'rebase'] as const) expect(count(way, 'conflicts'), way).toBeGreaterThan(10)
})
