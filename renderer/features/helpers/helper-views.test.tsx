import { describe, expect, it } from 'vitest'
import { mostTeamTasks } from '../../../shared/contract/teams.ts'
import { helpersOf } from '../../data/helpers.ts'
import { subagentRow, teammateRow, teamTaskRow } from '../../dev/helper-fixtures.ts'
import { sessionIdAt, sessionRow } from '../../dev/fixtures.ts'
import { createMarkupData, renderMarkup, wordsOf } from '../../dev/render-markup.tsx'
import { testId } from '../../lib/test-ids.ts'
import { helpersText, taskDetail, taskLine } from './helper-words.ts'
import { HelpersButton, HelpersPanel } from './helpers-panel.tsx'
import { HelpersTree } from './helpers-tree.tsx'

const one = sessionIdAt(1)
const alice = teammateRow(one, 'alice')
const reading = teamTaskRow(one, '3', { subject: 'Read the code', state: 'in-progress', owner: 'alice' })

const dataWith = (rows: {
  readonly teammates?: readonly (typeof alice)[]
  readonly subagents?: readonly ReturnType<typeof subagentRow>[]
  readonly usesTeams?: boolean
}) => {
  const data = createMarkupData(true)
  data.stores.sessions.put([sessionRow(1, 'Lead', { usesTeams: rows.usesTeams ?? true })])
  data.stores.teammates.put(rows.teammates ?? [])
  data.stores.subagents.put(rows.subagents ?? [])
  data.stores.teamTasks.put([reading])
  return data
}

describe('the words of helpers', () => {
  const mates = (...states: ('working' | 'idle' | 'ended')[]) =>
    helpersOf({
      teammates: states.map((state, index) => teammateRow(one, `mate-${index}`, { state })),
      subagents: [subagentRow(one, 'a1')],
      tasks: [],
    })

  it('count who is there', () => {
    expect(helpersText(mates('working', 'idle', 'ended'))).toBe('3 helpers: 2 teammates, 1 subagent')
    expect(helpersText(mates())).toBe('1 helper: 1 subagent')
    expect(helpersText([])).toBe('0 helpers')
  })

  it('name a task with its number, and make what hides in it visible', () => {
    expect(taskLine(reading)).toBe('#3 Read the code')
    expect(taskLine({ id: '1', subject: 'a\u202Eb' })).not.toContain('\u202E')
    expect(taskLine(null)).toBeNull()
  })

  it.each([
    [{ owner: null, blockedBy: [] }, 'no owner'],
    [{ owner: 'alice', blockedBy: [] }, 'alice'],
    [{ owner: 'alice', blockedBy: ['1', '2'] }, 'alice, waits for #1, #2'],
  ])('tell of %j: %s', (task, expected) => {
    expect(taskDetail(task)).toBe(expected)
  })
})

describe('a list of the team that is longer than is followed', () => {
  const tasks = (count: number) => Array.from({ length: count }, (_, n) => teamTaskRow(one, String(n)))

  it('says so, and a shorter one does not', () => {
    const note = (count: number) => wordsOf(renderMarkup(<HelpersPanel helpers={[]} tasks={tasks(count)} />))
    expect(note(mostTeamTasks)).toContain('Only the newest 500 are kept up to date.')
    expect(note(mostTeamTasks - 1)).not.toContain('Only the newest')
  })
})

describe('the button above a terminal', () => {
  const draw = (rows: Parameters<typeof dataWith>[0]) => renderMarkup(<HelpersButton sessionId={one} />, dataWith(rows))

  it('says how many helpers there are, of a team or not', () => {
    expect(draw({ teammates: [alice], subagents: [subagentRow(one, 'a1')] })).toContain(
      'aria-label="2 helpers: 1 teammate, 1 subagent"',
    )
    expect(draw({ subagents: [subagentRow(one, 'a1')], usesTeams: false })).toContain(
      'aria-label="1 helper: 1 subagent"',
    )
  })

  it('is not there for a session that never had any', () => {
    expect(renderMarkup(<HelpersButton sessionId={sessionIdAt(2)} />, dataWith({ teammates: [alice] }))).toBe('')
  })
})

describe('the panel of helpers', () => {
  it('names each with its kind, its state and its task, and whose tasks they are', () => {
    const rows = { teammates: [alice, teammateRow(one, 'bob', { state: 'ended', type: '' })], subagents: [] }
    const helpers = helpersOf({ ...rows, tasks: [reading] })
    const words = wordsOf(renderMarkup(<HelpersPanel helpers={helpers} tasks={[reading]} />))
    expect(words).toContain('alice teammate, general-purpose Working 4m #3 Read the code')
    expect(words).toContain('bob teammate Ended')
    expect(words).toContain('They are not tasks of this project. #3 Read the code In progress alice')
  })
})

describe('the helpers beneath a session', () => {
  const draw = (rows: Parameters<typeof dataWith>[0]) => renderMarkup(<HelpersTree sessionId={one} />, dataWith(rows))

  it('are drawn with their tasks where the session has a team', () => {
    const markup = draw({ teammates: [alice, teammateRow(one, 'bob', { state: 'idle', joinedAt: Date.now() })] })
    expect(wordsOf(markup)).toBe('alice #3 Read the code bob Idle')
    expect(markup).toContain(`data-testid="${testId.helpersTree}"`)
  })

  it('are not drawn for subagents alone, which come and go, nor for a session without teams', () => {
    expect(draw({ subagents: [subagentRow(one, 'a1')] })).toBe('')
    expect(draw({ teammates: [alice], usesTeams: false })).toBe('')
    expect(draw({ teammates: [teammateRow(one, 'bob', { state: 'ended' })] })).toBe('')
  })

  it('are counted where there are many', () => {
    const many = Array.from({ length: 11 }, (_, index) => teammateRow(one, `mate-${index}`))
    expect(wordsOf(draw({ teammates: many }))).toContain('and 3 more')
  })
})
