/** What `switchyard run` was asked for. */
export interface TaskWish {
  /** Null: the next that is ready. */
  readonly task: string | null
  /** A folder of the project, for a worker outside of a session; null is the current one. */
  readonly project: string | null
  readonly commits: boolean
  readonly command: readonly [program: string, ...args: string[]]
}

/** Answers in words what is wrong with it. */
export const readTaskWish = (args: readonly string[]): TaskWish | string => {
  const cut = args.indexOf('--')
  const [program, ...rest] = cut < 0 ? [] : args.slice(cut + 1)
  if (program === undefined) return 'Say what to run after "--": switchyard run --next -- make test'
  const wish = { task: null as string | null, project: null as string | null, isNext: false, commits: false }
  const words = args.slice(0, cut)
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--next') wish.isNext = true
    else if (word === '--commit') wish.commits = true
    else if (word === '--task') wish.task = words.shift() ?? ''
    else if (word === '--project') wish.project = words.shift() ?? ''
    else if (word.startsWith('--project=')) wish.project = word.slice('--project='.length)
    else if (word.startsWith('--task=')) wish.task = word.slice('--task='.length)
    else return `"${word}" is not known here. See "switchyard run --help".`
  }
  if (wish.task === '' || (wish.task === null) !== wish.isNext) return 'Say which task: either --task KEY or --next.'
  if (wish.project === '') return 'Name a folder after --project.'
  return { task: wish.task, project: wish.project, commits: wish.commits, command: [program, ...rest] }
}
