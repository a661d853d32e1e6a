import type { MergeEntryState } from '../../../shared/contract/queue-rows.ts'
import type { CheckId } from '../../../shared/lib/ids.ts'
import type { Place, Step } from './walk-place.ts'

export function checksSteps({ lab, projectId, busy: worktreeId }: Place): readonly Step[] {
  const { checks } = lab.full
  const fields = { name: 'unit', command: 'true', timeLimitMs: 60_000, isGate: true }
  const known = async () => {
    const [check] = (await lab.kernel.database.read(lab.features.checks.listShown)).checks
    if (!check) throw new Error('There is no check.')
    return check.id
  }
  let removed: CheckId | null = null
  const run = async () => {
    const [begun] = await checks.run({ worktreeId, which: 'all' })
    if (!begun) throw new Error('Nothing runs.')
    return lab.until(async () => {
      const found = await lab.kernel.database.read((tx) => lab.features.checks.findRun(tx, begun.id))
      return found && found.endedAt !== null ? found : undefined
    })
  }
  const ran = async () => {
    const [last] = await checks.history({ checkId: await known(), worktreeId })
    if (!last) throw new Error('Nothing ran.')
    return { runId: last.id }
  }
  return [
    ['checks.proposals', () => checks.proposals({ projectId })],
    ['checks.add', () => checks.add({ projectId, fields })],
    ['checks.update', async () => checks.update({ checkId: await known(), fields })],
    ['checks.move', async () => checks.move({ checkId: await known(), beforeId: null })],
    ['checks.run', run],
    ['checks.history', ran],
    ['checks.output', async () => checks.output(await ran())],
    ['checks.cancel', async () => checks.cancel(await ran())],
    ['checks.gates', () => checks.gates({ worktreeId })],
    [
      'checks.remove',
      async () => {
        removed = await known()
        return checks.remove({ checkId: removed })
      },
    ],
    ['checks.restore', async () => checks.restore({ checkId: removed ?? (await known()) })],
  ]
}

export function mergeSteps({ lab, projectId, clean, shaOf }: Place): readonly Step[] {
  const { merge } = lab.full
  const wish = async (branch: string, strategy: 'squash' | 'merge' | 'rebase') => ({
    projectId,
    source: { sha: await shaOf(branch), branch },
    target: 'main',
    strategy,
    message: null,
  })
  const land = (strategy: 'squash' | 'merge' | 'rebase'): Step => [
    'merge.merge',
    async () =>
      merge.merge({
        ...(await wish('landing', strategy)),
        targetWas: await shaOf('main'),
        deleteBranch: false,
      }),
  ]
  const undo: Step = [
    'merge.undo',
    async () => {
      const [last] = await merge.list({ projectId, target: 'main', limit: 1 })
      if (!last) throw new Error('Nothing was merged.')
      return merge.undo({ mergeId: last.id })
    },
  ]
  return [
    ['merge.preview', async () => merge.preview(await wish('landing', 'merge'))],
    ['merge.preview', async () => merge.preview(await wish('work', 'squash'))],
    ['merge.conflicts', async () => merge.conflicts(await wish('work', 'squash'))],
    [
      'merge.forecast',
      async () => {
        const heads = ['work', 'landing', 'calm'].map(async (label) => ({ sha: await shaOf(label), label }))
        return merge.forecast({ projectId, target: 'main', heads: await Promise.all(heads) })
      },
    ],
    ['merge.prepare', async () => merge.prepare(await wish('landing', 'rebase'))],
    ['merge.drop', async () => merge.drop({ mergeId: (await merge.prepare(await wish('landing', 'squash'))).id })],
    land('squash'),
    ['merge.list', () => merge.list({ projectId, target: null, limit: 10 })],
    undo,
    land('rebase'),
    undo,
    land('merge'),
    ['merge.refreshBase', () => merge.refreshBase({ worktreeId: clean, strategy: 'rebase' })],
  ]
}

export function queueSteps({ lab, projectId, shaOf }: Place): readonly Step[] {
  const { queue } = lab.full
  const key = { projectId, target: 'main' }
  const entries = async () => (await lab.kernel.database.read(lab.features.queue.listShown)).mergeEntries
  const entryOf = async (branch: string) => {
    const found = (await entries()).find((entry) => entry.branch === branch)
    if (!found) throw new Error(`${branch} is not in the queue.`)
    return { entryId: found.id }
  }
  const enqueue = async (branch: string) => {
    const source = { kind: 'branch', projectId, branch } as const
    const wish = { source, head: await shaOf(branch), target: null, strategy: 'squash', message: null } as const
    return queue.enqueue({ ...wish, requestId: `walk-${branch}` })
  }
  const when = (branch: string, state: MergeEntryState) =>
    lab.until(async () => {
      const { mergeEntries, mergeQueues } = await lab.kernel.database.read(lab.features.queue.listShown)
      const held = mergeQueues.find(({ hold }) => hold !== null)
      if (held) throw new Error(held.hold?.reason ?? 'Held.')
      const found = mergeEntries.find((entry) => entry.branch === branch)
      if (found?.state === state) return found
      if (found && ['failed', 'moved', 'conflicted'].includes(found.state)) throw new Error(found.reason ?? '')
      return undefined
    })
  const mender = { agentId: 'shell', model: null, permissionMode: null, requestId: 'walk-resolve' } as const
  return [
    ['queue.pause', () => queue.pause({ ...key, reason: null })],
    ['queue.configure', () => queue.configure({ ...key, batchSize: 2, needsApproval: false })],
    ['queue.enqueue', () => enqueue('queued')],
    ['queue.withdraw', async () => queue.withdraw(await entryOf('queued'))],
    ['queue.restore', async () => queue.restore(await entryOf('queued'))],
    ['queue.place', async () => queue.place({ ...(await entryOf('queued')), beforeId: null })],
    ['queue.approve', async () => queue.approve(await entryOf('queued'))],
    ['queue.resume', () => queue.resume(key)],
    ['queue.resume', () => when('queued', 'merged')],
    ['queue.enqueue', () => enqueue('work')],
    ['queue.enqueue', () => when('work', 'conflicted')],
    ['queue.retry', async () => queue.retry({ ...(await entryOf('work')), head: await shaOf('work') })],
    ['queue.retry', () => when('work', 'conflicted')],
    ['queue.resolve', async () => queue.resolve({ ...(await entryOf('work')), ...mender })],
  ]
}
