import { answer, procedures } from '../../kernel/procedures.ts'
import type { MailService } from './mail-service.ts'

const person = { kind: 'person', projectId: null } as const

export const createMailProcedures = (mail: MailService) => ({
  page: procedures.mail.page.handler(({ input: { limit, ...filter } }) => mail.page(filter, limit)),
  send: procedures.mail.send.handler(async ({ input: { projectId, ...message }, context, errors }) =>
    answer(await mail.sendFromPerson(projectId, message, context.identity), errors),
  ),
  reply: procedures.mail.reply.handler(async ({ input, context, errors }) =>
    answer(await mail.reply(person, input, context.identity), errors),
  ),
  read: procedures.mail.read.handler(async ({ input, context, errors }) => {
    const { delivery, seq } = answer(await mail.read(person, input.messageId, context.identity), errors)
    return { delivery, seq }
  }),
  ack: procedures.mail.ack.handler(async ({ input, context, errors }) =>
    answer(await mail.ack(person, input.messageIds, context.identity), errors),
  ),
})
