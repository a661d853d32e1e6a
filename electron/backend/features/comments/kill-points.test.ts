import { describe, expect, it } from 'vitest'
import { killEverywhere, failEverywhere } from '../../testing/kill-points.ts'
import { commentDeeds, commentsStage } from './testing/comment-kill-deeds.ts'

const deeds = Object.entries(commentDeeds).map(([name, deed]) => ({ name, deed }))

describe.each(deeds)('$name', ({ deed }) => {
  it('killed at any call to the database has happened or has not, and happens once when it is asked for again', async () => {
    expect(await killEverywhere(commentsStage, deed)).toBeGreaterThanOrEqual(5)
  })

  it('has not happened when any call to the database fails, and happens in the same process after that', () =>
    failEverywhere(commentsStage, deed))
})
