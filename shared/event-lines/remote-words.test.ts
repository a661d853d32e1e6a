import { expect, it } from 'vitest'
import type { Topic } from '../contract/changes.ts'
import { bundleEvents } from './bundle-events.ts'
import { eventLine } from './event-line.ts'
import { event, names, projectId } from './testing.ts'

const worktreeId = 'wt_01ARZ3NDEKTSV4RRFFQ69G5FAV'
const push = { worktreeId, projectId, branch: 'fix', remote: 'origin', sha: 'b'.repeat(40), replaced: null }
const pull = { worktreeId, projectId, forge: 'github', repository: 'acme/app', number: 7, title: 'Fix', base: 'main' }

const line = (topic: Topic, payload: object, command: string) => {
  const [bundle] = bundleEvents([event(topic, payload, { command, by: 'person:desktop' })])
  const told = bundle && eventLine(bundle, names)
  return told && [`${told.who} ${told.what}`, told.reason]
}

it('tells of a push, and of what it took the place of', () => {
  expect(line('pushes.recorded', push, 'push-branch')).toEqual(['You pushed fix to origin at bbbbbbbb', null])
  expect(line('pushes.recorded', { ...push, replaced: 'c'.repeat(40) }, 'push-branch')?.[1]).toBe(
    'It took the place of cccccccc',
  )
})

it('tells of a pull request when it is made, given and merged, and of nothing between', () => {
  const told = (command: string) => line('pullrequests.changed', { ...pull, url: 'https://x' }, command)?.[0]
  expect(told('create-pull-request')).toBe('You made the pull request acme/app#7 “Fix”')
  expect(told('note-merged-pull-request')).toBe('You saw that the pull request acme/app#7 was merged into main')
  expect(told('give-comments')).toBe('You gave comments of the pull request acme/app#7 to its agent')
  expect(told('refresh-pull-request')).toBeUndefined()
})
