import { z } from 'zod'
import { mergeEntrySchema } from '../contract/queue-rows.ts'
import { newEntrySchema } from '../contract/queue.ts'
import { decide, look } from './verb.ts'

const { target, strategy, head } = newEntrySchema.shape

const entryLineSchema = mergeEntrySchema
  .pick({ id: true, title: true, branch: true, head: true, target: true, strategy: true, state: true, reason: true })
  .extend({
    place: z.number().int().nullable().describe('In line, from 1; null for what is not in line.'),
    conflicts: z.array(z.string()),
    isMine: z.boolean(),
  })

export const mergeVerbs = {
  'merge.enqueue': decide({
    description:
      'Puts your branch in the merge queue at its last commit, to be merged when its turn has come and the gates pass. ' +
      'A person may have to agree first. Commit everything before; what you commit later is not merged.',
    input: {
      target: target.default(null).describe('The branch to merge into; the project’s default branch when left out.'),
      strategy: strategy.default('squash').describe('`squash`: one commit with all of yours.'),
      message: z.string().max(65_536).default('').describe('Of the commit that is made; a proposed one when left out.'),
      head: head.nullable().default(null).describe('The commit you mean; refused when your branch is at another one.'),
    },
    output: { entry: entryLineSchema },
    fromStdin: 'message',
  }),
  'merge.status': look({
    description: 'Tells where your branch stands in the merge queue and why, and who is ahead of it.',
    input: { mine: z.boolean().default(false).describe('Only yours.') },
    output: {
      entries: z.array(entryLineSchema),
      queues: z.array(
        z.object({
          target: z.string(),
          state: z.enum(['idle', 'gates', 'held']),
          reason: z.string().nullable().describe('Why it is held.'),
        }),
      ),
    },
  }),
} as const
