import { describe, expect, it } from 'vitest'
import { createFixtureData } from '../dev/fixture-data.ts'
import { projectIdAt, sessionIdAt } from '../dev/fixtures.ts'
import { createNotices } from '../lib/notices.tsx'
import { createAppActions } from './app-actions.ts'
import { createAppCommands } from './app-commands.ts'
import { createDialogs } from './dialogs.ts'
import { createNavigation, showView } from './navigation.ts'

const createApp = (isEmpty = false) => {
  const data = createFixtureData({ isEmpty, connection: 'live', theme: 'dark', contrast: 'normal', sidebar: 'wide' })
  const navigation = createNavigation()
  const dialogs = createDialogs()
  const notices = createNotices()
  const actions = createAppActions({ data, navigation, dialogs, notices })
  const commands = createAppCommands({ data, navigation, actions })
  const run = (id: string) => commands.find((command) => command.id === id)?.run()
  return { data, navigation, dialogs, actions, commands, run }
}

describe('the commands of the shell', () => {
  it('have ids of their own', () => {
    const ids = createApp().commands.map((command) => command.id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('share no key', () => {
    const presses = createApp().commands.flatMap((command) => command.keys.map((key) => key.press.toLowerCase()))
    expect(new Set(presses).size).toBe(presses.length)
  })

  it.each([
    ['session.new', '$mod+n'],
    ['app.palette', '$mod+Shift+p'],
    ['app.palette', '$mod+k'],
    ['needs-you.next', '$mod+Shift+u'],
    ['session.shell', '$mod+t'],
    ['session.why', 'Alt+Shift+y'],
    ['view.sidebar', '$mod+b'],
    ['app.settings', '$mod+,'],
    ['app.help', '$mod+/'],
    ['view.mail', '$mod+Shift+e'],
    ['view.leases', '$mod+Shift+l'],
    ['view.queue', '$mod+Shift+m'],
    ['session.nth-9', '$mod+9'],
  ])('%s has the key people know: %s', (id, press) => {
    const command = createApp().commands.find((one) => one.id === id)
    expect(command?.keys.map((key) => key.press)).toContain(press)
  })

  it('take nothing from a terminal that a shell needs: no bare Control letter is marked for everywhere', () => {
    const keys = createApp().commands.flatMap((command) => command.keys)
    const taken = keys.filter((key) => key.scope === 'everywhere' && /^\$mod\+[a-z]$/i.test(key.press))
    expect(taken).toEqual([])
  })

  it('start a session in the project that is looked at', () => {
    const { navigation, dialogs, run } = createApp()
    navigation.setState((state) => showView(state, { kind: 'terminals', projectId: projectIdAt(2) }))
    run('session.new')
    expect(dialogs.getState().open).toEqual({ kind: 'new-session', projectId: projectIdAt(2), draft: null, task: null })
  })

  it('ask for a repository when there is none to start a session in', () => {
    const { dialogs, run } = createApp(true)
    run('session.new')
    expect(dialogs.getState().open).toMatchObject({ kind: 'open-project' })
  })

  it('fold and unfold the sidebar', () => {
    const { data, run } = createApp()
    run('view.sidebar')
    expect(data.stores.settings.get('appearance')?.value).toMatchObject({ sidebar: 'rail' })
    run('view.sidebar')
    expect(data.stores.settings.get('appearance')?.value).toMatchObject({ sidebar: 'wide' })
  })

  it('go to the n-th session in the order of the sidebar, pinned first', () => {
    const { navigation, run } = createApp()
    run('session.nth-1')
    expect(navigation.getState().selectedSessionId).toBe(sessionIdAt(2))
    run('session.nth-6')
    expect(navigation.getState().selectedSessionId).toBe(sessionIdAt(7))
    expect(navigation.getState().view).toEqual({ kind: 'terminals', projectId: projectIdAt(2) })
  })
})

describe('writing a message', () => {
  it('asks why about the session that is looked at, and about nothing while there is none', () => {
    const { navigation, commands, run } = createApp()
    const why = commands.find(({ id }) => id === 'session.why')
    expect(why?.isEnabled?.()).toBe(false)
    run('session.why')
    expect(navigation.getState().askedWhy).toBeNull()
    navigation.setState({ selectedSessionId: sessionIdAt(1) })
    expect(why?.isEnabled?.()).toBe(true)
    run('session.why')
    expect(navigation.getState()).toMatchObject({
      view: { kind: 'activity' },
      askedWhy: { kind: 'session', id: sessionIdAt(1) },
    })
  })

  it('shows the mail with what the message is begun with, and an empty one from the palette', () => {
    const { navigation, actions, run } = createApp()
    const preset = { projectId: projectIdAt(1), to: [sessionIdAt(1)], subject: 'src/**', body: 'How long?' }
    actions.showMail({ kind: 'compose', preset })
    expect(navigation.getState()).toMatchObject({ view: { kind: 'mail' }, mailPlace: { kind: 'compose', preset } })
    run('mail.new')
    expect(navigation.getState().mailPlace).toEqual({ kind: 'compose', preset: null })
    run('view.leases')
    run('view.mail')
    expect(navigation.getState().mailPlace.kind).toBe('compose')
  })
})

describe('next that needs you', () => {
  it('goes round the waiting sessions, oldest first, to their questions', () => {
    const { navigation, actions } = createApp()
    const visited = Array.from({ length: 4 }, () => {
      actions.goToNextThatNeedsYou()
      return navigation.getState().selectedSessionId
    })
    expect(visited).toEqual([7, 1, 2, 7].map(sessionIdAt))
    expect(navigation.getState().reveal?.focus).toBe('answer')
  })

  it('stays in the list while the list is shown', () => {
    const { navigation, actions } = createApp()
    actions.show({ kind: 'needs-you' })
    actions.goToNextThatNeedsYou()
    const first = navigation.getState()
    actions.goToNextThatNeedsYou()
    expect(first.view.kind).toBe('needs-you')
    expect(navigation.getState().needsYouKey).not.toBe(first.needsYouKey)
    expect(navigation.getState().needsYouTurn).toBe(first.needsYouTurn + 1)
  })

  it('shows the empty list when nobody waits', () => {
    const { navigation, actions } = createApp(true)
    actions.goToNextThatNeedsYou()
    expect(navigation.getState().view.kind).toBe('needs-you')
  })
})

describe('quitting', () => {
  it.each([
    ['app.quit', false],
    ['app.quit-all', true],
  ])('%s is found in the palette and ends the app, stopping all: %s', async (id, stopAll) => {
    const asked: unknown[] = []
    const data = createFixtureData({
      isEmpty: false,
      connection: 'live',
      theme: 'dark',
      contrast: 'normal',
      sidebar: 'wide',
    })
    const host = { quit: async (input: unknown) => void asked.push(input) }
    const deps = { data: { ...data, api: { host } as never }, navigation: createNavigation() }
    const actions = createAppActions({ ...deps, dialogs: createDialogs(), notices: createNotices() })
    const command = createAppCommands({ ...deps, actions }).find((each) => each.id === id)
    expect(command?.isHidden).not.toBe(true)
    command?.run()
    await Promise.resolve()
    expect(asked).toEqual([{ stopAll }])
  })
})
