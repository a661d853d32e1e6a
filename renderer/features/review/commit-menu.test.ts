import { expect, it, vi } from 'vitest'
import { commitEntries } from './commit-menu.tsx'

const commit = (sha: string, parent: string | null, subject: string) => ({ sha, parent, subject, author: 'Ada', at: 0 })

it('the commits to choose from say what they are, with the one that is shown marked, and lead to it', () => {
  const onShow = vi.fn()
  const commits = [commit('b', 'a', 'Second\u202E'), commit('a', null, 'First')]
  const entries = commitEntries({ commits, view: { kind: 'range', from: null, to: 'a' }, onShow }).flatMap((entry) =>
    entry.kind === 'item' ? [entry] : [],
  )
  expect(entries.map(({ label }) => label.split(',')[0])).toEqual(['Second⟨U+202E⟩ · Ada', 'First · Ada'])
  expect(entries.map(({ icon }) => icon !== undefined)).toEqual([false, true])
  entries[0]?.onChoose()
  expect(onShow).toHaveBeenCalledWith({ kind: 'range', from: 'a', to: 'b' })
})
