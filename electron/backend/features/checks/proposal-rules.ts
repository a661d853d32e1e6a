import { usualTimeLimitMs, type Check, type CheckProposal } from '../../../../shared/contract/checks.ts'

const makefiles = ['Makefile', 'makefile', 'GNUmakefile'] as const

/** Files of a commit that say how a project is tested. */
export const proposalFiles = ['package.json', ...makefiles, 'Cargo.toml', 'go.mod', 'pyproject.toml'] as const
/** Of these, only whether they are there matters. */
export const lockFiles = ['pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb'] as const

export interface ProjectFiles {
  readonly texts: ReadonlyMap<string, string>
  /** Of package.json. */
  readonly scripts: Readonly<Record<string, string>>
  readonly present: ReadonlySet<string>
}

/**
 * What the files of a project suggest, without what it has already. Only names that are known here are taken from them:
 * what else a file says never becomes a part of a command.
 */
export const proposeChecks = (files: ProjectFiles, checks: readonly Check[]): CheckProposal[] => {
  const { texts } = files
  const found = [
    ...fromPackage(files.scripts, runnerOf(files.present)),
    ...makefiles.flatMap((name) => fromMakefile(texts.get(name) ?? '', name)),
    ...(texts.has('Cargo.toml') ? cargo : []),
    ...(texts.has('go.mod') ? go : []),
    ...fromPython(texts.get('pyproject.toml')),
  ]
  const proposals: CheckProposal[] = []
  const isTaken = (name: string) => [...checks, ...proposals].some((one) => one.name.toLowerCase() === name)
  for (const { source, kind, command } of found) {
    if ([...checks, ...proposals].some((one) => one.command === command)) continue
    // Two files may each have a check of this kind.
    const name = isTaken(kind) ? command.toLowerCase() : kind
    if (!isTaken(name))
      proposals.push({ name, command, timeLimitMs: usualTimeLimitMs, isGate: kind !== 'build', source })
  }
  return proposals
}

interface Found {
  readonly source: string
  readonly kind: Kind
  readonly command: string
}

type Kind = 'types' | 'lint' | 'format' | 'unit' | 'build'

/** What projects call them, by what they are offered as; the quick ones first, so that they fail first. */
const usualNames: readonly (readonly [Kind, readonly string[]])[] = [
  ['types', ['typecheck', 'type-check', 'types', 'tsc', 'check-types']],
  ['lint', ['lint', 'check', 'vet']],
  ['format', ['format:check', 'fmt-check', 'check-format', 'prettier:check']],
  ['unit', ['test', 'tests', 'unit', 'test:unit']],
  ['build', ['build']],
]

const pick = (names: ReadonlySet<string>): readonly (readonly [Kind, string])[] =>
  usualNames.flatMap(([kind, usual]) => {
    const name = usual.find((one) => names.has(one))
    return name === undefined ? [] : [[kind, name] as const]
  })

/** As `npm init` writes it: there is no test yet. */
const noTest = /no test specified/

const fromPackage = (scripts: ProjectFiles['scripts'], runner: string): Found[] => {
  const written = Object.entries(scripts).filter(([, script]) => !noTest.test(script))
  return pick(new Set(written.map(([name]) => name))).map(([kind, name]) => ({
    source: 'package.json',
    kind,
    command: name === 'test' ? `${runner} test` : `${runner} run ${name}`,
  }))
}

const runnerOf = (present: ReadonlySet<string>): string => {
  if (present.has('pnpm-lock.yaml')) return 'pnpm'
  if (present.has('yarn.lock')) return 'yarn'
  // `bun test` is its own runner, whatever the script says; `bun run test` is the script.
  return present.has('bun.lock') || present.has('bun.lockb') ? 'bun run' : 'npm'
}

const fromMakefile = (text: string, source: string): Found[] => {
  const targets = new Set([...text.matchAll(/^([A-Za-z][\w:-]*?)\s*:(?!=)/gm)].map(([, name = '']) => name))
  return pick(targets).map(([kind, name]) => ({ source, kind, command: `make ${name}` }))
}

const cargo: readonly Found[] = [
  { source: 'Cargo.toml', kind: 'lint', command: 'cargo clippy --all-targets -- -D warnings' },
  { source: 'Cargo.toml', kind: 'format', command: 'cargo fmt --check' },
  { source: 'Cargo.toml', kind: 'unit', command: 'cargo test' },
]

const go: readonly Found[] = [
  { source: 'go.mod', kind: 'lint', command: 'go vet ./...' },
  { source: 'go.mod', kind: 'unit', command: 'go test ./...' },
]

const pythonTools: readonly (readonly [RegExp, Kind, string])[] = [
  [/^\[tool\.mypy\b/m, 'types', 'mypy .'],
  [/^\[tool\.ruff\b/m, 'lint', 'ruff check .'],
  [/^\[tool\.black\b/m, 'format', 'black --check .'],
  [/^\[tool\.pytest\b|\bpytest\b/m, 'unit', 'pytest'],
]

const fromPython = (text = ''): Found[] =>
  pythonTools.flatMap(([pattern, kind, command]) =>
    pattern.test(text) ? [{ source: 'pyproject.toml', kind, command }] : [],
  )
