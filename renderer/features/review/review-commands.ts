import type { Command, CommandKey } from '../../lib/commands.ts'

export interface ReviewKeys {
  readonly file: (by: 1 | -1) => void
  readonly hunk: (by: 1 | -1) => void
  readonly toggleFile: () => void
  readonly toggleHunk: () => void
  readonly fold: () => void
  readonly scope: (by: 1 | -1) => void
  readonly filter: () => void
  readonly find: () => void
  readonly toggleStyle: () => void
  readonly toggleWhitespace: () => void
  readonly toggleWrap: () => void
  readonly refresh: () => void
}

const key = (press: string): CommandKey => ({ press, scope: 'outside-terminal' })

/** One letter each, as in every review people know; they count only outside fields and terminals. */
export const reviewCommands = (keys: ReviewKeys): readonly Command[] => [
  ...moveCommands(keys),
  ...markCommands(keys),
  ...lookCommands(keys),
]

const moveCommands = ({ file, hunk, scope }: ReviewKeys): Command[] => [
  { id: 'review.next-file', title: 'Next file', group: 'Review', keys: [key('j')], run: () => file(1) },
  { id: 'review.previous-file', title: 'Previous file', group: 'Review', keys: [key('k')], run: () => file(-1) },
  { id: 'review.next-hunk', title: 'Next hunk', group: 'Review', keys: [key('n')], run: () => hunk(1) },
  { id: 'review.previous-hunk', title: 'Previous hunk', group: 'Review', keys: [key('p')], run: () => hunk(-1) },
  { id: 'review.next-scope', title: 'Next scope', group: 'Review', keys: [key('BracketRight')], run: () => scope(1) },
  {
    id: 'review.previous-scope',
    title: 'Previous scope',
    group: 'Review',
    keys: [key('BracketLeft')],
    run: () => scope(-1),
  },
]

const markCommands = ({ toggleFile, toggleHunk, fold }: ReviewKeys): Command[] => [
  {
    id: 'review.viewed',
    title: 'File viewed or not',
    group: 'Review',
    keys: [key('v')],
    keywords: ['mark', 'read', 'seen'],
    run: toggleFile,
  },
  {
    id: 'review.hunk-viewed',
    title: 'Hunk viewed or not',
    group: 'Review',
    keys: [key('x')],
    keywords: ['mark', 'read', 'seen'],
    run: toggleHunk,
  },
  {
    id: 'review.fold',
    title: 'Fold or unfold the file',
    group: 'Review',
    keys: [key('o')],
    keywords: ['collapse', 'expand'],
    run: fold,
  },
]

const lookCommands = (keys: ReviewKeys): Command[] => [
  {
    id: 'review.find',
    title: 'Find in the changes',
    group: 'Review',
    keys: [key('$mod+f')],
    keywords: ['search'],
    run: keys.find,
  },
  {
    id: 'review.filter',
    title: 'Filter the files',
    group: 'Review',
    keys: [key('/')],
    keywords: ['search', 'name'],
    run: keys.filter,
  },
  {
    id: 'review.style',
    title: 'Unified or split',
    group: 'Review',
    keys: [key('s')],
    keywords: ['side by side', 'columns'],
    run: keys.toggleStyle,
  },
  {
    id: 'review.whitespace',
    title: 'Show or ignore whitespace',
    group: 'Review',
    keys: [key('w')],
    keywords: ['spaces', 'indentation'],
    run: keys.toggleWhitespace,
  },
  {
    id: 'review.wrap',
    title: 'Wrap or cut long lines',
    group: 'Review',
    keys: [key('l')],
    run: keys.toggleWrap,
  },
  {
    id: 'review.refresh',
    title: 'Read the changes again',
    group: 'Review',
    keys: [key('r')],
    keywords: ['refresh', 'reload'],
    run: keys.refresh,
  },
]
