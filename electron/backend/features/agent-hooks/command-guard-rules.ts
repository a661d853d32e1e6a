import { unreachable } from '../../../../shared/lib/unreachable.ts'
import { judgeGit } from './git-guard-rules.ts'
import { otherAt, otherLostWith, refusal, resolvePath, type Places } from './places-rules.ts'
import { readShell, type ShellStep, type Word } from './shell-words-rules.ts'

/** A program with its words, as it would run. */
export interface Invocation {
  readonly program: string
  readonly args: readonly Word[]
  /** The folder it runs in; null when only the shell knows. */
  readonly cwd: string | null
}

interface Walk {
  readonly places: Places
  readonly variables: ReadonlyMap<string, string>
  cwd: string | null
  readonly outer: (string | null)[]
}

/** Scripts that run scripts: deeper than this nobody writes by hand. */
const deepest = 3

/**
 * Why a command line must not run: it would destroy what belongs to another session. Null when nothing in it is known to.
 * Conservative on purpose: what is not understood passes, since the worktrees are also looked after elsewhere.
 */
export const judgeCommand = (
  command: string,
  { cwd, places, variables }: Pick<Walk, 'cwd' | 'places' | 'variables'>,
  depth = 0,
): string | null => {
  const walk: Walk = { places, variables, cwd, outer: [] }
  for (const step of readShell(command, variables)) {
    const reason = judgeStep(walk, step, depth)
    if (reason !== null) return reason
  }
  return null
}

const judgeStep = (walk: Walk, step: ShellStep, depth: number): string | null => {
  switch (step.kind) {
    case 'enter':
      walk.outer.push(walk.cwd)
      return null
    case 'leave':
      walk.cwd = walk.outer.pop() ?? walk.cwd
      return null
    case 'run':
      return judgeWrites(walk, step.writes) ?? judgeRun(walk, unwrap(step.words), depth)
    default:
      return unreachable(step)
  }
}

const judgeRun = (walk: Walk, words: readonly Word[], depth: number): string | null => {
  const [first, ...args] = words
  if (!first?.isKnown) return null
  const program = first.text.replace(/^.*[/\\]/, '').replace(/\.exe$/i, '')
  const invocation = { program, args, cwd: walk.cwd }
  switch (program) {
    case 'cd':
    case 'pushd':
      walk.cwd = enterFolder(walk, args)
      return null
    case 'git':
      return judgeGit(invocation, walk.places)
    case 'bash':
    case 'sh':
    case 'zsh':
    case 'dash':
      return judgeScript(walk, args[args.findIndex(({ text }) => /^-\w*c$/.test(text)) + 1], depth)
    case 'eval':
      return judgeScript(walk, joined(args), depth)
    default:
      return judgeFileProgram(walk, invocation)
  }
}

/** What runs another program and passes the rest of the words on. */
const wrappers: Readonly<Record<string, readonly string[]>> = {
  sudo: ['-u', '-g', '-C', '-D'],
  env: ['-u', '-C'],
  nice: ['-n'],
  timeout: ['-s', '-k'],
  command: [],
  exec: [],
  nohup: [],
  builtin: [],
}

const unwrap = (words: readonly Word[]): readonly Word[] => {
  const [first, ...rest] = words
  const takingValue = first && Object.hasOwn(wrappers, first.text) ? wrappers[first.text] : undefined
  if (first === undefined || takingValue === undefined) return words
  let at = 0
  for (; at < rest.length; at++) {
    const text = rest[at]?.text ?? ''
    if (takingValue.includes(text)) at++
    else if (!text.startsWith('-') && !/^\w+=/.test(text)) break
  }
  // Its first own word is how long it may take.
  return unwrap(rest.slice(first.text === 'timeout' ? at + 1 : at))
}

const enterFolder = ({ cwd, places }: Walk, args: readonly Word[]): string | null => {
  const target = args.find(({ text }) => !/^-[A-Za-z]+$/.test(text))
  if (target === undefined) return places.home
  return target.isKnown && target.text !== '-' ? resolvePath(cwd, target.text, places.home) : null
}

const joined = (args: readonly Word[]): Word => ({
  text: args.map(({ text }) => text).join(' '),
  isKnown: args.every(({ isKnown }) => isKnown),
})

const judgeScript = ({ cwd, places, variables }: Walk, script: Word | undefined, depth: number): string | null =>
  script?.isKnown && depth < deepest ? judgeCommand(script.text, { cwd, places, variables }, depth + 1) : null

const judgeWrites = (walk: Walk, writes: readonly Word[]): string | null => {
  for (const word of writes) {
    const path = pathOf(walk, word)
    const other = path === null ? null : otherAt(walk.places, path)
    if (other) return refusal(walk.places, `This writes to ${word.text}, in`, other)
  }
  return null
}

/** Which of a program's words it deletes, moves or changes, by program. */
const fileRules: Readonly<
  Record<string, (args: readonly Word[]) => { lost: readonly Word[]; changed: readonly Word[] }>
> = {
  rm: (args) => ({ lost: operands(args), changed: [] }),
  rmdir: (args) => ({ lost: operands(args), changed: [] }),
  unlink: (args) => ({ lost: operands(args), changed: [] }),
  shred: (args) => ({ lost: operands(args), changed: [] }),
  trash: (args) => ({ lost: operands(args), changed: [] }),
  mv: (args) => ({ lost: operands(args).slice(0, -1), changed: operands(args).slice(-1) }),
  cp: (args) => ({ lost: [], changed: operands(args).slice(-1) }),
  tee: (args) => ({ lost: [], changed: operands(args) }),
  touch: (args) => ({ lost: [], changed: operands(args) }),
  truncate: (args) => ({ lost: [], changed: operands(args) }),
  sed: (args) => ({
    lost: [],
    changed: args.some(({ text }) => /^(-\w*i|--in-place)/.test(text)) ? operands(args) : [],
  }),
  find: (args) => {
    const isDeleting = args.some(
      ({ text }, index) => text === '-delete' || (text === '-exec' && args[index + 1]?.text === 'rm'),
    )
    const first = args.findIndex(({ text }) => text.startsWith('-'))
    return { lost: isDeleting ? args.slice(0, first < 0 ? args.length : first) : [], changed: [] }
  },
}

const operands = (args: readonly Word[]): readonly Word[] => {
  const end = args.findIndex(({ text }) => text === '--')
  return end < 0 ? args.filter(({ text }) => !text.startsWith('-')) : args.slice(end + 1)
}

const judgeFileProgram = (walk: Walk, { program, args }: Invocation): string | null => {
  const rule = Object.hasOwn(fileRules, program) ? fileRules[program] : undefined
  if (!rule) return null
  const { lost, changed } = rule(args)
  for (const word of lost) {
    const path = pathOf(walk, word)
    const other = path === null ? null : otherLostWith(walk.places, path)
    if (other) return refusal(walk.places, `\`${program}\` of ${word.text} would delete from`, other)
  }
  for (const word of changed) {
    const path = pathOf(walk, word)
    const other = path === null ? null : otherAt(walk.places, path)
    if (other) return refusal(walk.places, `\`${program}\` would change ${word.text}, in`, other)
  }
  return null
}

/** The path a word names; of a pattern, the folder in which it is looked for. */
const pathOf = ({ cwd, places }: Walk, { text, isKnown }: Word): string | null => {
  if (!isKnown || text === '') return null
  const pattern = text.search(/[*?[{]/)
  const plain = pattern < 0 ? text : text.slice(0, text.lastIndexOf('/', pattern) + 1) || '.'
  return resolvePath(cwd, plain, places.home)
}
