// The limits of docs/architecture.md that no linter knows. Pure: files in, findings out.

const maxFileLines = 350
const maxTriesPerThousandLines = 2
const minTestLinesPerSourceLine = 0.8

const isSource = (path) => /\.(ts|tsx|mjs|css)$/.test(path)
// What only tests import is called testing.ts or lies in a folder of that name; renderer/dev shows screens on made-up rows.
const isTest = (path) =>
  /(\.test|\/testing)\.(ts|tsx|mjs)$/.test(path) || /^e2e\/|^renderer\/dev\/|\/testing\//.test(path)
const isMeasured = (path) => /^(shared|electron|renderer|scripts|resources)\//.test(path)
const isCode = (path) => /\.(ts|tsx|mjs)$/.test(path)

const forbidden = [
  [/\b(TODO|FIXME|XXX)\b/, 'unfinished work is not committed: do it or leave it out'],
  [/@ts-(ignore|nocheck)/, 'a silenced compiler hides bugs: mend the type'],
  [/(eslint|oxlint)-disable(?!-(next-)?line [\w/-]+ -- \S)/, 'name the one rule, one line, and the reason after --'],
]
// The rules above name what they look for, so the file with the rules and its test would find themselves.
const selfReferring = /^scripts\/lib\/limits\b/

/**
 * Judges the tree. `files` is a list of { path, text }.
 * `problems` always count; `balance` (tests per source line, `try` per thousand lines) is about the tree as a whole.
 */
export function judgeLimits(files) {
  const code = files.filter((file) => isSource(file.path))
  const problems = code.flatMap((file) => [...tooLong(file), ...forbiddenWords(file)])
  const sources = code.filter((file) => isCode(file.path) && isMeasured(file.path) && !isTest(file.path))
  const sourceLines = sumLines(sources)
  const testLines = sumLines(code.filter((file) => isTest(file.path)))
  const tries = sources.reduce((sum, file) => sum + countTries(file.text), 0)
  const balance = []
  if (tries > Math.max(1, (sourceLines / 1000) * maxTriesPerThousandLines)) {
    const worst = sources.map((file) => [countTries(file.text), file.path]).sort((a, b) => b[0] - a[0])
    const named = worst.slice(0, 8).map(([count, path]) => `${path} (${count})`)
    balance.push(
      `${tries} try in ${sourceLines} lines; at most ${maxTriesPerThousandLines} per 1000: ${named.join(', ')}`,
    )
  }
  if (testLines < sourceLines * minTestLinesPerSourceLine) {
    const wanted = Math.ceil(sourceLines * minTestLinesPerSourceLine)
    balance.push(`${testLines} lines of tests for ${sourceLines} lines of source; at least ${wanted} are needed`)
  }
  return { problems, balance, sourceLines, testLines, tries }
}

const linesOf = (text) => text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
const sumLines = (files) => files.reduce((sum, file) => sum + linesOf(file.text), 0)

/** `try` statements, not the word in comments, strings or property names. */
const countTries = (text) => [...text.matchAll(/^(?!\s*(?:\/\/|\*)).*?(?<![.\w'"`])try\s*\{/gm)].length

function tooLong({ path, text }) {
  const lines = linesOf(text)
  return lines > maxFileLines ? [`${path}: ${lines} lines, at most ${maxFileLines}: split it by responsibility`] : []
}

function forbiddenWords({ path, text }) {
  if (selfReferring.test(path)) return []
  return text
    .split('\n')
    .flatMap((line, index) =>
      forbidden.filter(([pattern]) => pattern.test(line)).map(([, advice]) => `${path}:${index + 1}: ${advice}`),
    )
}
