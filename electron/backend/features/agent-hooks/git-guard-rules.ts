import { otherAt, otherLostWith, resolvePath, type Places, type WorkFolder } from './places-rules.ts'
import type { Word } from './shell-words-rules.ts'

interface GitCall {
  readonly args: readonly string[]
  /** Words that only the shell knows; a rule that needs them does not apply. */
  readonly hasUnknown: boolean
  readonly folder: string | null
  readonly places: Places
}

/** Why a call of git must not run; null when nothing in it is known to harm another session. */
export const judgeGit = (
  invocation: { readonly args: readonly Word[]; readonly cwd: string | null },
  places: Places,
): string | null => {
  const { subcommand, call } = readCall(invocation, places)
  const rule = Object.hasOwn(rules, subcommand) ? rules[subcommand] : undefined
  const reason = rule?.(call) ?? null
  if (reason !== null) return `${reason} ${insteadOf(places)}`
  const other = changing.includes(subcommand) && call.folder !== null ? otherAt(places, call.folder) : null
  return other ? `\`git ${subcommand}\` would work in the worktree of ${other.owner}. ${insteadOf(places)}` : null
}

const insteadOf = ({ own }: Places) =>
  `Work in your own worktree (${own.path}) and on your own branch${own.branch === null ? '' : ` (${own.branch})`}. If it has to be done, ask its owner (mail_send) or the person (ask_human).`

const readCall = ({ args, cwd }: { readonly args: readonly Word[]; readonly cwd: string | null }, places: Places) => {
  let folder = cwd
  let at = 0
  for (; at < args.length; at++) {
    const { text, isKnown } = args[at] ?? { text: '', isKnown: false }
    if (text === '-C' || text === '--work-tree' || text === '--git-dir' || text === '-c') {
      const value = args[++at]
      if (text === '-C') folder = value?.isKnown ? resolvePath(folder, value.text, places.home) : null
      if (text === '--work-tree') folder = value?.isKnown ? resolvePath(cwd, value.text, places.home) : null
    } else if (text.startsWith('--work-tree='))
      folder = isKnown ? resolvePath(cwd, text.slice('--work-tree='.length), places.home) : null
    else if (!text.startsWith('-')) break
  }
  const [subcommand, ...rest] = args.slice(at)
  const known = rest.filter(({ isKnown }) => isKnown).map(({ text }) => text)
  const call: GitCall = { args: known, hasUnknown: known.length < rest.length, folder, places }
  return { subcommand: subcommand?.text ?? '', call }
}

/** What changes the files, the index or the branch of the worktree it runs in. */
const changing: readonly string[] = (
  'add am apply checkout cherry-pick clean commit merge mv pull rebase reset restore revert rm sparse-checkout stash ' +
  'switch update-index read-tree checkout-index'
).split(' ')

const flagsOf = (args: readonly string[]) => args.filter((arg) => arg.startsWith('-'))
const operandsOf = (args: readonly string[]) => args.filter((arg) => !arg.startsWith('-'))
const hasFlag = (args: readonly string[], short: string, ...long: readonly string[]) =>
  flagsOf(args).some(
    (flag) =>
      long.some((name) => flag === name || flag.startsWith(`${name}=`)) || new RegExp(`^-\\w*${short}`).test(flag),
  )
const hasLong = (args: readonly string[], ...names: readonly string[]) =>
  flagsOf(args).some((flag) => names.some((name) => flag === name || flag.startsWith(`${name}=`)))

const withBranch = ({ others }: Places, branch: string): WorkFolder | undefined =>
  others.find((folder) => folder.branch !== null && folder.branch === branch.replace(/^refs\/heads\//, ''))

const rules: Readonly<Record<string, (call: GitCall) => string | null>> = {
  worktree: ({ args, folder, places }) => {
    const [verb = '', path] = operandsOf(args)
    if (!['remove', 'move', 'lock', 'unlock', 'repair'].includes(verb) || path === undefined) return null
    const target = resolvePath(folder, path, places.home)
    // A worktree is also named by the end of its path.
    const named = [...places.others, places.own].find((each) => each.path.endsWith(`/${path.replace(/\/$/, '')}`))
    const lost = (target === null ? null : otherLostWith(places, target)) ?? named ?? null
    if (lost === null && target !== places.own.path) return null
    const whose =
      lost === null || lost === places.own ? 'your own, which Switchyard made and removes' : `that of ${lost.owner}`
    return `\`git worktree ${verb}\` is refused: this worktree is ${whose}.`
  },
  push: ({ args, hasUnknown, places }) => judgePush(args, hasUnknown, places),
  branch: ({ args, places }) => {
    if (!hasFlag(args, '[dDmMf]', '--delete', '--move', '--force')) return null
    const other = operandsOf(args)
      .map((name) => withBranch(places, name))
      .find((found) => found !== undefined)
    return other
      ? `The branch ${other.branch ?? ''} is that of ${other.owner}: it is not yours to delete, move or rename.`
      : null
  },
  'update-ref': ({ args, places }) => {
    const [ref = ''] = operandsOf(args)
    const other = withBranch(places, ref)
    if (other) return `The branch ${other.branch ?? ''} is that of ${other.owner}: it is not yours to move.`
    return ref.startsWith('refs/switchyard/') ? `${ref} keeps work that Switchyard rescued: leave it as it is.` : null
  },
  stash: ({ args }) =>
    operandsOf(args)[0] === 'clear'
      ? 'The stash is one for all worktrees: `git stash clear` deletes what others put there.'
      : null,
  reflog: ({ args }) =>
    operandsOf(args)[0] === 'expire' && hasLong(args, '--all')
      ? 'This deletes the history by which the work of all sessions can be found again.'
      : null,
  gc: ({ args }) =>
    args.includes('--prune=now') || args.includes('--prune=all')
      ? 'This deletes commits that other sessions may still need. Run `git gc` without it.'
      : null,
}

const judgePush = (args: readonly string[], hasUnknown: boolean, places: Places): string | null => {
  if (hasLong(args, '--mirror', '--prune')) return 'This push deletes branches of others at the remote.'
  const [, ...refspecs] = operandsOf(args)
  const isDeletion = hasFlag(args, 'd', '--delete')
  for (const refspec of refspecs) {
    const target = refspec.replace(/^\+/, '').split(':').at(-1) ?? ''
    const isForced = refspec.startsWith('+') || refspec.startsWith(':') || isDeletion || isForcing(args)
    if (isForced && withBranch(places, target)) return `The branch ${target} is that of another session.`
    if (isForced && places.own.branch !== null && !isOwn(target, places.own.branch))
      return `This rewrites or deletes ${target} at the remote, which is not your branch.`
  }
  if (hasUnknown || !isForcing(args) || refspecs.length > 0) return null
  // Which branches go without a name depends on settings; all of them may.
  return hasFlag(args, 'f', '--force') || hasLong(args, '--all')
    ? `A forced push without a branch may rewrite others’. Name yours: \`git push --force-with-lease REMOTE ${places.own.branch ?? 'BRANCH'}\`.`
    : null
}

const isForcing = (args: readonly string[]) =>
  hasFlag(args, 'f', '--force', '--force-with-lease', '--force-if-includes')

const isOwn = (target: string, branch: string) =>
  target.replace(/^refs\/heads\//, '') === branch || target === 'HEAD' || target === '@'
