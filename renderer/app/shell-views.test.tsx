import { describe, expect, it } from 'vitest'
import { projectIdAt, projectRow } from '../dev/fixtures.ts'
import { createMarkupData, renderMarkup, wordsOf } from '../dev/render-markup.tsx'
import { FirstSteps } from '../features/first-run/first-steps.tsx'
import { ProjectHeader } from '../features/projects/project-header.tsx'
import { testId } from '../lib/test-ids.ts'
import { ConnectionBanner, ConnectionGate } from './connection-gate.tsx'
import { Sidebar } from './sidebar.tsx'
import { StatusBar } from './status-bar.tsx'
import { TabBar } from './tab-bar.tsx'

describe('the sidebar', () => {
  it('shows only rooms that exist, with what waits in them', () => {
    const words = wordsOf(renderMarkup(<Sidebar />))
    expect(words).toMatch(/^Needs you 3 Terminals 10 /)
    expect(words).not.toMatch(/Board|Review|Usage/)
  })

  it('lists every project with its sessions', () => {
    const markup = renderMarkup(<Sidebar />)
    for (const name of ['ledger-api', 'harbor-web', 'infra blue']) expect(wordsOf(markup)).toContain(name)
    expect(markup.match(new RegExp(`data-testid="${testId.sessionRow}"`, 'g'))).toHaveLength(10)
  })

  it('says what a project is when there is none', () => {
    expect(wordsOf(renderMarkup(<Sidebar />, createMarkupData(true)))).toContain('A project is a Git repository.')
  })

  it('folds to a rail of marks with their words as labels', () => {
    const data = createMarkupData()
    data.stores.settings.put([
      { key: 'appearance', value: { theme: 'dark', contrast: 'normal', sidebar: 'rail', terminalFontSize: 12 } },
    ])
    const markup = renderMarkup(<Sidebar />, data)
    expect(markup).toContain('aria-label="Retry webhooks with backoff, Needs you"')
    expect(markup).toContain('aria-label="Needs you, 3"')
    expect(wordsOf(markup)).not.toContain('Retry webhooks')
  })
})

describe('a project in the sidebar', () => {
  const draw = (change: Parameters<typeof projectRow>[2], filterText: string | null = null) =>
    renderMarkup(
      <ProjectHeader
        project={projectRow(1, 'ledger', change)}
        sessionCount={4}
        isFolded={false}
        filterText={filterText}
        newSessionKeys="Ctrl N"
        onFold={() => {}}
        onFilter={() => {}}
        onNewSession={() => {}}
      />,
    )

  it('names itself, counts its sessions and starts another', () => {
    const markup = draw({})
    expect(wordsOf(markup)).toBe('ledger 4')
    expect(markup).toContain('aria-label="New session in ledger"')
    expect(markup).toContain('aria-expanded="true"')
  })

  it('says beside itself what is wrong and offers the next step', () => {
    const empty = draw({ state: { kind: 'no-commits', message: 'It has no commit yet.' } })
    expect(wordsOf(empty)).toContain('It has no commit yet. Create the first commit Take off the list')
    const gone = draw({ state: { kind: 'missing', message: 'Its folder is gone.' } })
    expect(wordsOf(gone)).toContain('Its folder is gone. Look again Take off the list')
  })

  it('opens a field to filter with', () => {
    expect(draw({}, 'retry')).toContain('value="retry"')
    expect(draw({})).not.toContain(testId.projectFilter)
  })
})

describe('the tab bar', () => {
  it('marks the shown view and starts a session by a button with its key', () => {
    const markup = renderMarkup(<TabBar tools={null} />)
    expect(markup).toContain('aria-current="page"')
    expect(wordsOf(markup)).toBe('Get started New session Ctrl N')
  })
})

describe('the status bar', () => {
  it('says how the connection is, who runs and who waits', () => {
    const words = wordsOf(renderMarkup(<StatusBar />))
    expect(words).toContain('Connected 7 of 10 running 3 need you')
    expect(words).toContain('Switchyard 0.1.0')
  })

  it('leaves out what is nothing', () => {
    const words = wordsOf(renderMarkup(<StatusBar />, createMarkupData(true)))
    expect(words).not.toMatch(/running|need/)
  })

  it('says that it is being reconnected', () => {
    const data = createMarkupData()
    data.connection.state.setState({ kind: 'away', since: 0, attempt: 1, reason: 'r' }, true)
    expect(wordsOf(renderMarkup(<StatusBar />, data))).toMatch(/^Reconnecting/)
  })
})

describe('the gate', () => {
  const draw = (state: Parameters<ReturnType<typeof createMarkupData>['connection']['state']['setState']>[0]) => {
    const data = createMarkupData()
    data.connection.state.setState(state, true)
    return renderMarkup(
      <ConnectionGate>
        <p>the window</p>
      </ConnectionGate>,
      data,
    )
  }

  it('lets the window through once it is live', () => {
    expect(wordsOf(draw({ kind: 'live' }))).toBe('the window')
  })

  it('draws nothing in the first moment, so that a quick start does not flicker', () => {
    expect(draw({ kind: 'connecting', attempt: 0, reason: null })).toBe('')
  })

  it('says how to get in when the browser is not known, and shows nothing of the window', () => {
    const words = wordsOf(draw({ kind: 'unauthorised', isLinkRefused: false }))
    expect(words).not.toContain('used already')
    expect(wordsOf(draw({ kind: 'unauthorised', isLinkRefused: true }))).toContain('That link was used already')
    expect(words).toContain('This browser is not signed in')
    expect(words).toContain('npm start')
    expect(words).not.toContain('the window')
  })

  it('shows no banner in the first second of an absence', () => {
    const data = createMarkupData()
    data.connection.state.setState({ kind: 'away', since: 0, attempt: 1, reason: 'Gone.' }, true)
    expect(renderMarkup(<ConnectionBanner />, data)).toBe('')
  })
})

describe('the first steps', () => {
  it('mark what is done and what is next', () => {
    const markup = renderMarkup(<FirstSteps isReady hasProject={false} newSessionKeys="Ctrl N" />)
    expect(markup).toMatch(/aria-current="step"[^>]*>.*?Open a repository/s)
    expect(markup.match(/data-done/g)).toHaveLength(1)
  })

  it('go on to the session once there is a project', () => {
    const markup = renderMarkup(<FirstSteps isReady={false} hasProject newSessionKeys={undefined} />)
    expect(wordsOf(markup)).toContain('the demo agent steps in')
    expect(markup.match(/data-done/g)).toHaveLength(2)
  })
})

it('the fixture names its projects by ids that the contract takes', () => {
  expect(projectIdAt(1)).toMatch(/^prj_[0-9A-HJKMNP-TV-Z]{26}$/)
})
