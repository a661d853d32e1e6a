import type { Command } from '../../lib/commands.ts'

export interface CommentKeys {
  readonly write: () => void
  readonly step: (by: 1 | -1) => void
  readonly send: () => void
}

/** In a field the same keys end what is written there. */
const isOutsideFields = () => document.activeElement?.matches('input, textarea') !== true

export const commentCommands = ({ write, step, send }: CommentKeys): readonly Command[] => [
  {
    id: 'comments.write',
    title: 'Comment on these lines',
    group: 'Review',
    keys: [{ press: 'c', scope: 'outside-terminal' }],
    keywords: ['say', 'note', 'suggest'],
    run: write,
  },
  {
    id: 'comments.next',
    title: 'Next comment',
    group: 'Review',
    keys: [{ press: 'Shift+J', scope: 'outside-terminal' }],
    run: () => step(1),
  },
  {
    id: 'comments.previous',
    title: 'Previous comment',
    group: 'Review',
    keys: [{ press: 'Shift+K', scope: 'outside-terminal' }],
    run: () => step(-1),
  },
  {
    id: 'comments.send',
    title: 'Send the review to its session',
    group: 'Review',
    keys: [{ press: '$mod+Enter', scope: 'outside-terminal' }],
    keywords: ['comments', 'submit', 'batch'],
    isEnabled: isOutsideFields,
    run: send,
  },
]
