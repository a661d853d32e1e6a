// Format, lint, import rules, types and limits, side by side. There is no exceptions file.
//   node scripts/check.mjs [--fast]     --fast: what concerns the tree as a whole is a warning, not a failure
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { execFileSync } from 'node:child_process'
import { findLongFunctions } from './lib/function-lines.mjs'
import { judgeLimits } from './lib/limits.mjs'
import { inRoot, root, toolEntry, toolNode } from './lib/paths.mjs'
import { run, runAll, seconds } from './lib/run.mjs'

const fast = process.argv.includes('--fast')
const started = Date.now()

if (!existsSync(inRoot('node_modules', 'prettier'))) {
  console.error('The development packages are not installed. Run `npm test`, which installs them and runs this check.')
  process.exit(1)
}

// Git's list, so that what is ignored is not judged; new files count before they are added.
const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
const paths = [...new Set(listed.toString().split('\0'))].filter((path) => path && existsSync(inRoot(path)))

const jobs = [
  tool('types', ['typescript-native', 'tsc'], typeProjects()),
  tool('lint', ['oxlint'], [['--type-aware', '--quiet', '--format=unix', '.']]),
  tool('imports', ['dependency-cruiser', 'dependency-cruise'], [cruise()]),
  tool('format', ['prettier'], [formatted()]),
  limits,
]

const results = await runAll(jobs, Math.max(2, availableParallelism()))
for (const result of results) {
  console.log(
    `${result.ok ? '✓' : '✗'} ${result.name.padEnd(8)} ${seconds(result.ms).padStart(7)}  ${result.summary ?? ''}`.trimEnd(),
  )
  if (!result.ok) console.log(indent(result.output))
  for (const warning of result.warnings ?? []) console.log(indent(`warning: ${warning}`))
}
const failed = results.filter((result) => !result.ok).map((result) => result.name)
console.log(
  failed.length === 0 ? `check passed in ${seconds(Date.now() - started)}` : `check failed: ${failed.join(', ')}`,
)
process.exit(failed.length === 0 ? 0 : 1)

/** A job that runs one tool with each list of arguments and passes when all of them do. */
function tool(name, entry, argumentLists) {
  return async () => {
    const begun = Date.now()
    const runs = await runAll(
      argumentLists.map((args) => () => run(toolNode(), [toolEntry(...entry), ...args], { env: toolEnvironment() })),
      2,
    )
    const bad = runs.filter((one) => one.code !== 0)
    return { name, ok: bad.length === 0, ms: Date.now() - begun, output: bad.map((one) => one.output).join('\n') }
  }
}

/** Tools get no more of the surrounding environment than they need: settings of the person change no verdict. */
function toolEnvironment() {
  const { PATH, HOME, TMPDIR, SystemRoot, TEMP } = process.env
  return { PATH, HOME, TMPDIR, SystemRoot, TEMP, NO_COLOR: '1' }
}

function typeProjects() {
  const hasCode = (folder) => paths.some((path) => path.startsWith(`${folder}/`) && /\.tsx?$/.test(path))
  return ['shared', 'electron', 'renderer', 'e2e'].filter(hasCode).map((folder) => ['-p', folder, '--noEmit'])
}

function cruise() {
  const folders = ['shared', 'electron', 'renderer', 'e2e', 'scripts', 'bench', 'resources'].filter(
    (folder) => existsSync(inRoot(folder)) && readdirSync(inRoot(folder)).length > 0,
  )
  return ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', '--cache', '.cache/depcruise', ...folders]
}

function formatted() {
  return ['--check', '--cache', '--cache-location', '.cache/prettier', '--log-level', 'warn', '.']
}

async function limits() {
  const begun = Date.now()
  const files = paths.map((path) => ({
    path,
    text: /\.(ts|tsx|mjs|css)$/.test(path) ? readFileSync(inRoot(path), 'utf8') : '',
  }))
  const { problems, balance, sourceLines, testLines, tries } = judgeLimits(files)
  const long = files.filter(({ path }) => isJudged(path)).flatMap(({ path, text }) => findLongFunctions(path, text))
  const fatal = fast ? [...problems, ...long] : [...problems, ...long, ...balance]
  return {
    name: 'limits',
    ok: fatal.length === 0,
    ms: Date.now() - begun,
    output: fatal.join('\n'),
    warnings: fast ? balance : [],
    summary: `${sourceLines} lines of source, ${testLines} of tests, ${tries} try`,
  }
}

/** Tests and page objects read from top to bottom; components have a limit of their own, which the linter holds. */
function isJudged(path) {
  return (
    /^(shared|electron|renderer|scripts)\/.*[.](ts|mjs)$/.test(path) &&
    !/[.]test[.]|\/testing[.]|\/testing\//.test(path)
  )
}

function indent(text) {
  return text
    .trim()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')
}
