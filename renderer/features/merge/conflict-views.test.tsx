import { describe, expect, it } from 'vitest'
import type { ConflictView } from '../../../shared/contract/merge.ts'
import { renderMarkup, wordsOf } from '../../dev/render-markup.tsx'
import type { FileDraft } from './conflict-drafts.ts'
import { ConflictFile } from './conflict-file.tsx'
import { allLeftWords, conflictWords, sideOptions } from './conflict-words.ts'

const version = { mode: '100644', oid: 'a'.repeat(40) }
const view = (change: Partial<ConflictView> = {}): ConflictView => ({
  path: 'a.txt',
  rawPath: 'a.txt',
  kind: 'content',
  messages: [],
  stages: { 1: version, 2: version, 3: version },
  parts: null,
  ...change,
})
const draw = (one: ConflictView, draft?: FileDraft) =>
  renderMarkup(<ConflictFile view={one} words="Changed twice" draft={draft} target="main" onDraft={() => undefined} />)
const agreed = Array.from({ length: 12 }, (_, at) => `line ${at + 1}\n`).join('')
const withLines = view({
  parts: [
    { kind: 'same', text: agreed },
    { kind: 'conflict', target: 'two\n', base: 'one\n', branch: 'zwei\u202E\nmehr\n' },
    { kind: 'same', text: 'last\n' },
    { kind: 'conflict', target: 'a\r\n', base: '', branch: 'b\n' },
  ],
})

describe('a file in conflict', () => {
  it('shows both sides of each place, numbered as in their files, with what agrees folded away', () => {
    const markup = draw(withLines)
    expect(wordsOf(markup)).toMatch(/9 lines that agree line 10 line 11 line 12 Conflict 1 of 2/)
    expect(wordsOf(markup)).toContain('zwei⟨U+202E⟩ mehr What both began with one last Conflict 2 of 2')
    expect([...markup.matchAll(/<ol start="(\d+)"/g)].map(([, first]) => first)).toEqual(['13', '13', '15', '16'])
  })

  it('is written by hand only where no line end would be lost', () => {
    expect(wordsOf(draw(withLines)).match(/Both Edit|Both/g)).toEqual(['Both Edit', 'Both'])
    const written = draw(withLines, { picks: [{ text: 'own\n' }, null] })
    expect(written).toMatch(/<textarea[^>]*>\s*own\n<\/textarea>/)
    expect(draw(withLines, { picks: ['both', null] })).not.toContain('<textarea')
  })

  it('marks what was chosen', () => {
    const places = (draft?: FileDraft) =>
      [...draw(withLines, draft).matchAll(/data-chosen="(\w*)"/g)].map(([, one]) => one)
    expect(places()).toEqual(['', ''])
    expect(places({ picks: ['both', 'target'] })).toEqual(['both', 'target'])
    expect(draw(withLines, { side: 'branch' })).toMatch(/aria-pressed="true"[^>]*data-side="branch"/)
  })

  it('without lines is taken whole', () => {
    expect(wordsOf(draw(view()))).toContain('take it whole, from one side')
    expect(wordsOf(draw(view({ stages: { 1: version, 2: null, 3: version } })))).toContain('Delete it, as in main')
  })
})

describe('words', () => {
  const sides = (target: typeof version | null, branch: typeof version | null) => ({ 1: version, 2: target, 3: branch })
  it.each([
    [{ kind: 'both-added' }, 'Both added a file of this name'],
    [{ kind: 'modify-delete', stages: sides(null, version) }, 'Deleted in main, changed in the branch'],
    [{ kind: 'modify-delete', stages: sides(version, null) }, 'Changed in main, deleted in the branch'],
    [{ kind: 'other', messages: ['A folder was split.'] }, 'A folder was split.'],
    [{ kind: 'other' }, 'Could not be merged'],
  ] as const)('of %j', (change, words) => {
    const { messages = [], ...rest } = change as Partial<ConflictView>
    expect(conflictWords(view({ ...rest, messages: [...messages] }), 'main')).toBe(words)
  })

  it('offer whole files, and only to leave out what has no place', () => {
    const choices = (change: Partial<ConflictView>) => sideOptions(view(change), 'main').map(({ side }) => side)
    expect(choices({})).toEqual(['target', 'branch'])
    expect(choices({ kind: 'file-directory' })).toEqual(['gone'])
    expect(choices({ stages: sides(null, null) })).toEqual(['gone'])
  })

  it('count what is left', () => {
    expect([allLeftWords(2, 3), allLeftWords(0, 1)]).toEqual(['2 of 3 files left', '1 file resolved'])
  })
})
