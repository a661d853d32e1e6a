import fc from 'fast-check'

/** Where a person may put a task. */
const states = ['draft', 'open', 'blocked', 'deferred', 'done', 'failed', 'cancelled'] as const
const kinds = ['blocks', 'any_of', 'on_failure', 'parent'] as const
const pick = fc.nat(20)
const session = fc.integer({ min: 1, max: 4 })
const dependency = fc.record({
  do: fc.constant('depend'),
  task: pick,
  other: pick,
  kind: fc.constantFrom('any_of', ...kinds),
})
const alternatives = fc.record({ do: fc.constant('alternatives'), task: pick })
const birth = fc.record({
  do: fc.constant('create'),
  most: fc.integer({ min: 1, max: 3 }),
  isDraft: fc.constantFrom(true, false, false, false),
  priority: fc.nat(4),
})
const often = (weight: number, shape: Record<string, fc.Arbitrary<unknown>>) => ({
  weight,
  arbitrary: fc.record(shape),
})
/** What may happen. Tasks and attempts are picked by number among those there are. */
const deed = fc.oneof(
  { weight: 1, arbitrary: birth },
  { weight: 2, arbitrary: dependency },
  often(8, { do: fc.constant('claim'), task: pick, session }),
  often(2, { do: fc.constant('claim-next'), session }),
  often(10, { do: fc.constantFrom('renew', 'checkpoint', 'submit', 'fail'), attempt: pick }),
  often(1, { do: fc.constant('release'), attempt: pick, to: fc.constantFrom('open', 'blocked') }),
  often(1, { do: fc.constantFrom('wrong-epoch', 'stranger'), attempt: pick }),
  often(6, { do: fc.constant('lose'), attempt: pick, how: fc.constantFrom('dead', 'asked', 'overdue') }),
  often(1, { do: fc.constant('plague') }),
  often(4, { do: fc.constant('move'), task: pick, to: fc.constantFrom('done', ...states) }),
  often(4, { do: fc.constantFrom('accept', 'request-changes', 'reopen', 'retry'), task: pick }),
  often(2, { do: fc.constant('pass-time'), ms: fc.constantFrom(1_000, 30_000, 61_000, 600_000, 14_400_000) }),
  often(1, { do: fc.constantFrom('resume', 'again') }),
) as fc.Arbitrary<Deed | Compound>
/** Some tasks, some of which wait for others, and then anything. */
export const story = fc
  .tuple(
    fc.array(birth, { minLength: 3, maxLength: 5 }),
    fc.array(fc.oneof(dependency, alternatives), { maxLength: 3 }),
    fc.array(deed, { minLength: 10, maxLength: 25 }),
  )
  .map((parts) => parts.flat() as (Deed | Compound)[])
export type HandState = (typeof states)[number]

export type Deed =
  | { do: 'create'; most: number; isDraft: boolean; priority: number }
  | { do: 'depend'; task: number; other: number; kind: (typeof kinds)[number] }
  | { do: 'claim'; task: number; session: number }
  | { do: 'claim-next'; session: number }
  | { do: 'renew' | 'checkpoint' | 'submit' | 'fail' | 'wrong-epoch' | 'stranger'; attempt: number }
  | { do: 'release'; attempt: number; to: 'open' | 'blocked' }
  | { do: 'lose'; attempt: number; how: 'dead' | 'asked' | 'overdue' }
  | { do: 'move'; task: number; to: HandState }
  | { do: 'accept' | 'request-changes' | 'reopen' | 'retry'; task: number }
  | { do: 'pass-time'; ms: number }
  | { do: 'resume' }
  | { do: 'again' }

/** What chance alone seldom brings together. */
export type Compound =
  /** A task that waits for one of two others. */
  | { do: 'alternatives'; task: number }
  /** Everything that can be claimed is, and then all die at once. */
  | { do: 'plague' }

const everyOne = [0, 1, 2, 3, 4]

/** A deed as the single ones it is made of. */
export const singleDeeds = (deed: Deed | Compound): readonly Deed[] => {
  if (deed.do === 'alternatives')
    return [1, 2].map((n) => ({ do: 'depend', task: deed.task, other: deed.task + n, kind: 'any_of' }))
  if (deed.do !== 'plague') return [deed]
  return [
    ...everyOne.map((task): Deed => ({ do: 'claim', task, session: task + 1 })),
    ...Array.from({ length: 15 }, (_, attempt): Deed => ({ do: 'lose', attempt, how: 'dead' })),
  ]
}
