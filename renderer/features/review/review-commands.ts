import type { StagingVerb } from '../../../shared/contract/staging.ts'
import type { Command } from '../../lib/commands.ts'

export interface ReviewKeys {
  readonly file: (by: 1 | -1) => void
  readonly hunk: (by: 1 | -1) => void
  readonly toggleFile: () => void
  readonly toggleHunk: () => void
  readonly fold: () => void
  readonly act: (verb: StagingVerb) => void
  readonly undoStaging: () => void
  readonly scope: (by: 1 | -1) => void
  readonly filter: () => void
  readonly find: () => void
  readonly toggleStyle: () => void
  readonly toggleWhitespace: () => void
  readonly toggleWrap: () => void
  readonly refresh: () => void
}

interface Words {
  readonly press: string
  readonly title: string
  readonly keywords?: readonly string[]
}

/** A command of a review: `review.` and its name, with one key that counts only outside fields and terminals. */
const command = (name: string, { press, ...words }: Words, run: () => void): Command => ({
  id: `review.${name}`,
  group: 'Review',
  keys: [{ press, scope: 'outside-terminal' }],
  ...words,
  run,
})

const read = ['mark', 'read', 'seen']

/** One letter each, as in every review people know. */
export const reviewCommands = (keys: ReviewKeys): readonly Command[] => [
  command('next-file', { press: 'j', title: 'Next file' }, () => keys.file(1)),
  command('previous-file', { press: 'k', title: 'Previous file' }, () => keys.file(-1)),
  command('next-hunk', { press: 'n', title: 'Next hunk' }, () => keys.hunk(1)),
  command('previous-hunk', { press: 'p', title: 'Previous hunk' }, () => keys.hunk(-1)),
  command('next-scope', { press: 'BracketRight', title: 'Next scope' }, () => keys.scope(1)),
  command('previous-scope', { press: 'BracketLeft', title: 'Previous scope' }, () => keys.scope(-1)),
  command('viewed', { press: 'v', title: 'File viewed or not', keywords: read }, keys.toggleFile),
  command('hunk-viewed', { press: 'x', title: 'Hunk viewed or not', keywords: read }, keys.toggleHunk),
  command('fold', { press: 'o', title: 'Fold or unfold the file', keywords: ['collapse', 'expand'] }, keys.fold),
  command('stage', { press: 's', title: 'Stage', keywords: ['add', 'index'] }, () => keys.act('stage')),
  command('unstage', { press: 'u', title: 'Unstage', keywords: ['reset', 'index'] }, () => keys.act('unstage')),
  command('discard', { press: 'd', title: 'Discard', keywords: ['throw away', 'restore'] }, () => keys.act('discard')),
  command('revert', { press: 'Shift+D', title: 'Revert to the base', keywords: ['restore'] }, () => keys.act('revert')),
  command(
    'undo-staging',
    { press: 'z', title: 'Take back the last staging or discarding', keywords: ['undo'] },
    keys.undoStaging,
  ),
  command('find', { press: '$mod+f', title: 'Find in the changes', keywords: ['search'] }, keys.find),
  command('filter', { press: '/', title: 'Filter the files', keywords: ['search', 'name'] }, keys.filter),
  command('style', { press: 'b', title: 'Unified or split', keywords: ['side by side', 'columns'] }, keys.toggleStyle),
  command(
    'whitespace',
    { press: 'w', title: 'Show or ignore whitespace', keywords: ['spaces', 'indentation'] },
    keys.toggleWhitespace,
  ),
  command('wrap', { press: 'l', title: 'Wrap or cut long lines' }, keys.toggleWrap),
  command('refresh', { press: 'r', title: 'Read the changes again', keywords: ['refresh', 'reload'] }, keys.refresh),
]
