import * as fc from 'fast-check'

/** One version of a file: mode as git writes it, bytes as latin1; of a submodule its commit. */
export interface HistoryFile {
  readonly mode: '100644' | '100755' | '120000' | '160000'
  readonly content: string
}
type Tree = ReadonlyMap<string, HistoryFile>

export interface HistoryCommit {
  readonly parents: readonly number[]
  readonly tree: Tree
  /** Bytes in latin1. */
  readonly message: string
  readonly author: string
  readonly encoding: string | null
}

/** Two branches that left a common beginning, and may have met since; commits by their place in the list. */
export interface History {
  readonly commits: readonly HistoryCommit[]
  readonly main: number
  readonly topic: number
}

const utf8 = (text: string): string => Buffer.from(text).toString('latin1')
const lines = (name: string): string[] => Array.from({ length: 12 }, (_, at) => `${name} line ${at + 1}\n`)

const paths = [
  'a.txt',
  'b.txt',
  'dir/c.txt',
  'dir/d.txt',
  'dir/deep/e.txt',
  'moved/c.txt',
  'moved/deep/e.txt',
  'dir',
  'a.txt/inside',
  utf8('ü ñ 日本.txt'),
  'new\nline\t"quoted"\\',
  'caf\xe9.bin',
  '-dash',
  ':(top)*',
  'eol.crlf',
] as const

const change = fc.record({
  what: fc.constantFrom(
    ...([
      'line',
      'line',
      'line',
      'line',
      'add',
      'add',
      'delete',
      'rename',
      'rename',
      'rename-folder',
      'rewrite',
    ] as const),
    ...(['mode', 'link', 'submodule', 'binary', 'crlf', 'attributes', 'append'] as const),
  ),
  path: fc.nat(20),
  to: fc.nat(paths.length - 1),
  at: fc.nat(11),
  value: fc.nat(3),
})
type FileChange = typeof change extends fc.Arbitrary<infer Value> ? Value : never

const step = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant('commit' as const),
      side: fc.constantFrom('main' as const, 'topic' as const, 'topic' as const, 'both' as const),
      changes: fc.array(change, { maxLength: 3 }),
      form: fc.nat(5),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('merge' as const),
      side: fc.constantFrom('main' as const, 'topic' as const, 'both' as const),
      changes: fc.array(change, { maxLength: 1 }),
      form: fc.nat(5),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

export const historyArbitrary: fc.Arbitrary<History> = fc
  .record({
    first: fc.array(change, { minLength: 2, maxLength: 6 }),
    steps: fc.array(step, { minLength: 2, maxLength: 8 }),
  })
  .map(({ first, steps }) => play(first, steps))

/**
 * In all attributes: plain git leaves a file with the line ends of before when they come or go in the middle of a rebase, and
 * then stops over it.
 */
const lineEnds = '*.crlf text eol=crlf\n'

const beginning: Tree = new Map(
  ['a.txt', 'dir/c.txt', 'dir/deep/e.txt', 'eol.crlf'].map((path) => [
    path,
    { mode: '100644', content: lines(path).join('') },
  ]),
)
const withAttributes = (tree: Tree, text: string): Tree =>
  put(tree, '.gitattributes', { mode: '100644', content: `${lineEnds}${text}` })

const play = (first: readonly FileChange[], steps: readonly Step[]): History => {
  const commits: HistoryCommit[] = []
  const add = (tree: Tree, parents: readonly number[], form: number): number => {
    commits.push({ tree, parents, ...formOf(form, commits.length) })
    return commits.length - 1
  }
  const start = add(first.reduce(applyChange, withAttributes(beginning, '')), [], 0)
  const tips = { main: start, topic: start }
  const treeAt = (at: number): Tree => commits[at]?.tree ?? new Map()
  for (const { kind, side, changes, form } of steps) {
    const before = { ...tips }
    for (const each of ['main', 'topic'] as const) {
      if (side !== 'both' && side !== each) continue
      const other = before[each === 'main' ? 'topic' : 'main']
      const isMerge = kind === 'merge' && other !== before[each]
      const tree = isMerge ? joinTrees(treeAt(before[each]), treeAt(other)) : treeAt(before[each])
      const parents = isMerge ? [before[each], other] : [before[each]]
      tips[each] = add(changes.reduce(applyChange, tree), parents, form)
    }
  }
  return { commits, ...tips }
}

/** How somebody settled a merge: their own files, and what only the other had. */
const joinTrees = (own: Tree, other: Tree): Tree => {
  let joined = own
  for (const [path, file] of other) if (!own.has(path)) joined = put(joined, path, file)
  return joined
}

/** With a file where a folder is the folder goes, and the other way round. */
const put = (tree: Tree, path: string, file: HistoryFile): Tree => {
  const isInTheWay = (other: string): boolean => other.startsWith(`${path}/`) || path.startsWith(`${other}/`)
  // What is stored with other line ends than its attributes say, git takes for changed in every checkout.
  const content = path.endsWith('.crlf') ? file.content.replaceAll('\r', '') : file.content
  return new Map([...[...tree].filter(([other]) => !isInTheWay(other)), [path, { ...file, content }]])
}

const without = (tree: Tree, path: string): Tree => new Map([...tree].filter(([other]) => other !== path))

const applyChange = (tree: Tree, { what, path: nth, to, at, value }: FileChange): Tree => {
  const known = [...tree.keys()].filter((name) => name !== '.gitattributes')
  const path = known[nth % Math.max(1, known.length)]
  const target = paths[to] ?? 'a.txt'
  const file = path === undefined ? undefined : tree.get(path)
  if (what === 'add') return put(tree, target, { mode: '100644', content: lines(`${target} ${value}`).join('') })
  if (what === 'submodule') return put(tree, 'sub', { mode: '160000', content: String(value + 1).repeat(40) })
  if (what === 'attributes') return withAttributes(tree, attributes[value] ?? '')
  if (path === undefined || !file || file.mode === '160000') return tree
  switch (what) {
    case 'line':
      return put(tree, path, { ...file, content: withLine(file.content, at, `changed ${value}\n`) })
    case 'append':
      return put(tree, path, { ...file, content: `${file.content}appended ${value}\n` })
    case 'rewrite':
      return put(tree, path, { ...file, content: lines(`rewritten ${value}`).join('') })
    case 'delete':
      return without(tree, path)
    case 'rename':
      return put(without(tree, path), target, file)
    case 'rename-folder':
      return [...tree].reduce(
        (all, [name, each]) =>
          name.startsWith('dir/') ? put(without(all, name), `moved/${name.slice(4)}`, each) : all,
        tree,
      )
    case 'mode':
      return put(tree, path, { ...file, mode: file.mode === '100644' ? '100755' : '100644' })
    case 'link':
      return put(tree, path, { mode: '120000', content: `target-${value}` })
    case 'binary':
      return put(tree, path, { mode: '100644', content: `\0\x01\xff${value}`.repeat(20) })
    case 'crlf':
      return put(tree, path, { ...file, content: file.content.replaceAll(/\r?\n/g, '\r\n') })
    default:
      return tree
  }
}

const attributes = ['', '*.txt merge=union\n', 'a.txt -merge\ndir/** binary\n', '* merge=unknown\n']

const withLine = (content: string, at: number, line: string): string => {
  const all = content.split(/(?<=\n)/)
  return all.with(Math.min(at, all.length - 1), line).join('')
}

const formOf = (form: number, at: number): Omit<HistoryCommit, 'tree' | 'parents'> => {
  const plain = { author: `Author ${form} <a${form}@example.com> ${1_700_000_000 + at} +0000`, encoding: null }
  switch (form) {
    case 1:
      return { ...plain, message: utf8('Überschrift 日本\n\nText\n\nSigned-off-by: x <x@y>\n') }
    case 2:
      return {
        author: `J\xf6rg <j@example.com> ${1_600_000_000 + at} +0530`,
        encoding: 'ISO-8859-1',
        message: 'Gr\xfc\xdfe\n',
      }
    case 3:
      return { ...plain, author: `A <> ${100_000 + at} -1130`, message: '# no comment\n\n\n  indented\n' }
    default:
      return { ...plain, message: `step ${form}\n` }
  }
}

/** The stream from which `git fast-import` makes histories; the branches of the nth are refs/heads/n/main and n/topic. */
export const importStream = (histories: readonly History[]): Buffer => {
  const parts: string[] = []
  let mark = 0
  for (const [number, { commits, main, topic }] of histories.entries()) {
    const first = mark + 1
    for (const commit of commits) {
      mark += 1
      parts.push(`commit refs/heads/${number}/work\nmark :${mark}\n`)
      parts.push(`author ${commit.author}\ncommitter C <c@example.com> ${1_700_000_000 + mark} +0000\n`)
      if (commit.encoding !== null) parts.push(`encoding ${commit.encoding}\n`)
      parts.push(`data ${commit.message.length}\n${commit.message}\n`)
      for (const [at, parent] of commit.parents.entries())
        parts.push(`${at === 0 ? 'from' : 'merge'} :${first + parent}\n`)
      parts.push('deleteall\n')
      for (const [path, { mode, content }] of commit.tree) {
        const name = `"${path.replaceAll(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`
        if (mode === '160000') parts.push(`M 160000 ${content} ${name}\n`)
        else parts.push(`M ${mode} inline ${name}\ndata ${content.length}\n${content}\n`)
      }
      parts.push('\n')
    }
    for (const [name, at] of [
      ['main', main],
      ['topic', topic],
    ] as const)
      parts.push(`reset refs/heads/${number}/${name}\nfrom :${first + at}\n\n`)
    parts.push(`reset refs/heads/${number}/work\nfrom :${first}\n\n`)
  }
  return Buffer.from(parts.join(''), 'latin1')
}
