import type { MessageKind, MessagePriority } from '../../../shared/contract/mail.ts'

export const kindWords: Readonly<Record<MessageKind, string>> = {
  note: 'Note',
  question: 'Question',
  handoff: 'Handoff',
  status: 'Status',
  notice: 'Notice',
}

export const priorityWords: Readonly<Record<MessagePriority, string>> = {
  low: 'Low',
  normal: 'Normal',
  high: 'High',
  urgent: 'Urgent',
}

/** What a priority does, for whoever chooses one. */
export const priorityHints: Readonly<Record<MessagePriority, string>> = {
  low: 'Wakes nobody',
  normal: 'Wakes who is idle',
  high: 'Wakes who is idle, and is read before others',
  urgent: 'Is read before an agent ends its turn',
}

/** "A, B and 3 more". */
export const namesText = (names: readonly string[], most: number): string => {
  if (names.length <= most) return names.join(', ')
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`
}
