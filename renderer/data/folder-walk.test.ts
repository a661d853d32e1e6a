import { beforeEach, describe, expect, it } from 'vitest'
import type { FolderListing } from '../../shared/contract/host.ts'
import type { Result } from '../../shared/lib/result.ts'
import { createFolderWalk, type FolderWalk, type FolderWalkState } from './folder-walk.ts'

const listingOf = (path: string): FolderListing => ({
  path: path === '' ? '/home' : path,
  parent: '/',
  isRepository: false,
  entries: [],
  truncated: false,
})

let walk: FolderWalk
let state: FolderWalkState
/** What was asked for and not answered yet, by path. */
let asked: Map<string, (result: Result<FolderListing, string>) => void>

const answer = (path: string) => asked.get(path)?.({ ok: true, value: listingOf(path) })
const refuse = (path: string) =>
  asked.get(path)?.({ ok: false, refusal: { code: 'NOT_A_FOLDER', message: `There is no folder ${path}.` } })

beforeEach(() => {
  state = { listing: null, problem: null }
  asked = new Map()
  walk = createFolderWalk(
    (path) => new Promise((resolve) => asked.set(path, resolve)),
    (change) => {
      state = { ...state, ...change }
    },
  )
})

describe('going from folder to folder', () => {
  it('shows the folder that was gone to', async () => {
    const listed = walk.list('/a')
    answer('/a')
    expect(await listed).toEqual(listingOf('/a'))
    expect(state).toEqual({ listing: listingOf('/a'), problem: null })
  })

  it('shows what was asked for last, whichever is answered first', async () => {
    const [slow, quick] = [walk.list('/slow'), walk.list('/quick')]
    answer('/quick')
    expect(await quick).toEqual(listingOf('/quick'))
    answer('/slow')
    expect(await slow).toBeNull()
    expect(state.listing?.path).toBe('/quick')
  })

  it('says nothing of a refusal that is no longer asked about', async () => {
    const [slow, quick] = [walk.list('/slow'), walk.list('/quick')]
    answer('/quick')
    await quick
    refuse('/slow')
    expect(await slow).toBeNull()
    expect(state.problem).toBeNull()
  })

  it('says why a folder is refused and stays where it is, until the next one', async () => {
    const first = walk.list('/a')
    answer('/a')
    await first
    const refused = walk.list('/none')
    refuse('/none')
    expect(await refused).toBeNull()
    expect(state).toEqual({ listing: listingOf('/a'), problem: 'There is no folder /none.' })
    const next = walk.list('/b')
    answer('/b')
    await next
    expect(state).toEqual({ listing: listingOf('/b'), problem: null })
  })

  it('typing leaves behind what is on its way and what was refused', async () => {
    const refused = walk.list('/none')
    refuse('/none')
    await refused
    const late = walk.list('/late')
    walk.leave()
    expect(state.problem).toBeNull()
    answer('/late')
    expect(await late).toBeNull()
    expect(state.listing).toBeNull()
  })
})

describe('the beginning', () => {
  it('is home where the first path is no folder, without a word about it', async () => {
    const begun = walk.begin('/gone')
    refuse('/gone')
    await expect.poll(() => asked.has('')).toBe(true)
    answer('')
    await begun
    expect(state).toEqual({ listing: listingOf(''), problem: null })
  })

  it('says what is wrong when even home cannot be read', async () => {
    const begun = walk.begin('')
    refuse('')
    await begun
    expect(state).toEqual({ listing: null, problem: 'There is no folder .' })
  })

  it('does not come over a folder that was gone to meanwhile', async () => {
    const begun = walk.begin('')
    const listed = walk.list('/a')
    answer('/a')
    await listed
    answer('')
    await begun
    expect(state.listing?.path).toBe('/a')
  })

  it('is still listed for who types at once', async () => {
    const begun = walk.begin('')
    walk.leave()
    answer('')
    await begun
    expect(state.listing?.path).toBe('/home')
  })
})
