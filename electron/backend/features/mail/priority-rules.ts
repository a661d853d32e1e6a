import { messagePrioritySchema, type MessagePriority } from '../../../../shared/contract/mail.ts'

const inOrder: readonly MessagePriority[] = messagePrioritySchema.options

/** As a number that sorts: the most urgent is the greatest. */
export const rankOf = (priority: MessagePriority): number => inOrder.indexOf(priority)

export const priorityOf = (rank: number): MessagePriority => inOrder[rank] ?? 'normal'
