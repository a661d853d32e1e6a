import { expect, it, vi } from 'vitest'
import { ok, refuse, type Result } from '../../../shared/lib/result.ts'
import { createSending } from './use-sending.ts'

interface Input {
  readonly body: string
  readonly requestId: string
}

const setUp = () => {
  const answers: PromiseWithResolvers<Result<string, string>>[] = []
  const state = { isShown: true }
  let requests = 0
  const side = {
    send: vi.fn((_input: Input) => {
      const answer = Promise.withResolvers<Result<string, string>>()
      answers.push(answer)
      return answer.promise
    }),
    onSent: vi.fn(),
    onBusy: vi.fn(),
    onProblem: vi.fn(),
    onLateProblem: vi.fn(),
    isShown: () => state.isShown,
    newRequestId: () => `request-${(requests += 1)}`,
  }
  return { side, state, answers, submit: createSending<Input, string>(side) }
}

it('tells what was sent to whoever still looks at the form', async () => {
  const { side, answers, submit } = setUp()
  const sending = submit({ body: 'Hello' })
  answers[0]?.resolve(ok('thread'))
  await sending
  expect(side.onSent).toHaveBeenCalledWith('thread', { body: 'Hello' }, false)
  expect(side.onBusy.mock.calls).toEqual([[true], [false]])
})

it('says that it is late when the form was left meanwhile, so that nothing is taken out of sight', async () => {
  const { side, state, answers, submit } = setUp()
  const sending = submit({ body: 'Hello' })
  state.isShown = false
  answers[0]?.resolve(ok('thread'))
  await sending
  expect(side.onSent).toHaveBeenCalledWith('thread', { body: 'Hello' }, true)
  expect(side.onLateProblem).not.toHaveBeenCalled()
})

it('says a refusal in the form, and elsewhere once the form was left', async () => {
  const { side, state, answers, submit } = setUp()
  const first = submit({ body: 'Hello' })
  answers[0]?.resolve(refuse('NOT_FOUND', 'It is gone.'))
  await first
  expect(side.onProblem).toHaveBeenLastCalledWith('It is gone.')
  expect(side.onLateProblem).not.toHaveBeenCalled()
  const second = submit({ body: 'Hello' })
  state.isShown = false
  answers[1]?.resolve(refuse('NOT_FOUND', 'It is gone.'))
  await second
  expect(side.onLateProblem).toHaveBeenCalledWith('It is gone.')
  expect(side.onSent).not.toHaveBeenCalled()
})

it('sends the same text once, and under the same request until it was taken', async () => {
  const { side, answers, submit } = setUp()
  const first = submit({ body: 'Hello' })
  await submit({ body: 'Hello' })
  expect(side.send).toHaveBeenCalledTimes(1)
  answers[0]?.resolve(refuse('CONNECTION_LOST', 'Gone.'))
  await first
  const again = submit({ body: 'Hello' })
  answers[1]?.resolve(ok('thread'))
  await again
  const other = submit({ body: 'Hello' })
  answers[2]?.resolve(ok('thread'))
  await other
  expect(side.send.mock.calls.map(([{ requestId }]) => requestId)).toEqual(['request-1', 'request-1', 'request-2'])
})
