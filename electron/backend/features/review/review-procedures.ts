import { answer, procedures } from '../../kernel/procedures.ts'
import type { ReviewService } from './review-service.ts'

export const createReviewProcedures = (review: ReviewService) => ({
  open: procedures.review.open.handler(async ({ input, errors }) => answer(await review.open(input), errors)),
  patches: procedures.review.patches.handler(async ({ input, errors }) => answer(await review.patches(input), errors)),
  text: procedures.review.text.handler(async ({ input, errors }) =>
    answer(await review.text(input.worktreeId, input.oid), errors),
  ),
  image: procedures.review.image.handler(async ({ input, errors }) =>
    answer(await review.image(input.worktreeId, input.oid), errors),
  ),
  mark: procedures.review.mark.handler(async ({ input, context, errors }) =>
    answer(await review.mark(input, context.identity), errors),
  ),
  looked: procedures.review.looked.handler(async ({ input, context, errors }) =>
    answer(await review.looked(input.worktreeId, input.snapshot, context.identity), errors),
  ),
})
