/** What `switchyard run` was asked for. */
export interface TaskWish {
  /** Null: the next that is ready. */
  readonly task: string | null
  readonly commits: boolean
  readonly command: readonly [program: string, ...args: string[]]
}

/** Answers in words what is wrong with it. */
export const readTaskWish = (args: readonly string[]): TaskWish | string => {
  const cut = args.indexOf('--')
  const [program, ...rest] = cut < 0 ? [] : args.slice(cut + 1)
  if (program === undefined) return 'Say what to run after "--": switchyard run --next -- make test'
  const wish = { task: null as string | null, isNext: false, commits: false }
  const words = args.slice(0, cut)
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--next') wish.isNext = true
    else if (word === '--commit') wish.commits = true
    else if (word === '--task') wish.task = words.shift() ?? ''
    else if (word.startsWith('--task=')) wish.task = word.slice('--task='.length)
    else return `"${word}" is not known here. See "switchyard run --help".`
  }
  if (wish.task === '' || (wish.task === null) !== wish.isNext) return 'Say which task: either --task KEY or --next.'
  return { task: wish.task, commits: wish.commits, command: [program, ...rest] }
}
