import type { Command } from '../../lib/commands.ts'

interface MailKeys {
  readonly compose: () => void
  readonly reply: () => void
  readonly canReply: () => boolean
}

/** One letter each, as in every mail program people know; they count only outside fields and terminals. */
export const mailCommands = ({ compose, reply, canReply }: MailKeys): readonly Command[] => [
  {
    id: 'mail.new',
    title: 'New message',
    group: 'Mail',
    keys: [
      { press: 'c', scope: 'outside-terminal' },
      { press: 'n', scope: 'outside-terminal' },
    ],
    keywords: ['write', 'compose', 'mail', 'send', 'everyone'],
    run: compose,
  },
  {
    id: 'mail.reply',
    title: 'Reply',
    group: 'Mail',
    keys: [{ press: 'r', scope: 'outside-terminal' }],
    keywords: ['answer', 'mail'],
    isEnabled: canReply,
    run: reply,
  },
]
