import { answer, procedures } from '../../kernel/procedures.ts'
import type { AsksService } from './asks-service.ts'

export const createAsksProcedures = (asks: AsksService) => ({
  answer: procedures.asks.answer.handler(async ({ input, errors }) =>
    answer(await asks.answer(input.askId, input.answer), errors),
  ),
})
