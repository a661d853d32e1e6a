import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findPaths, resolveInside } from './path-links.ts'

const found = (text: string) =>
  findPaths(text).map(({ start, end, path, line }) => [text.slice(start, end), path, line] as const)

describe('paths in terminal text', () => {
  it.each([
    ['src/settlement/calendar.ts keeps it', 'src/settlement/calendar.ts', 'src/settlement/calendar.ts', null],
    ['at foo (src/app.ts:12:3)', 'src/app.ts:12:3', 'src/app.ts', 12],
    ['./run.sh: line 4: x', './run.sh', './run.sh', null],
    ['src/app.ts(12,3): error TS2322', 'src/app.ts(12,3)', 'src/app.ts', 12],
    ['  File "/srv/app/main.py", line 7, in f', '/srv/app/main.py", line 7', '/srv/app/main.py', 7],
    ['edit package.json.', 'package.json', 'package.json', null],
    ['(see docs/adr/0001-one-backend.md)', 'docs/adr/0001-one-backend.md', 'docs/adr/0001-one-backend.md', null],
    ['Update(app/[id]/page.tsx)', 'app/[id]/page.tsx', 'app/[id]/page.tsx', null],
    [String.raw`C:\work\x.cs(4,2)`, String.raw`C:\work\x.cs(4,2)`, String.raw`C:\work\x.cs`, 4],
    ['/usr/local/bin/claude', '/usr/local/bin/claude', '/usr/local/bin/claude', null],
    ['bin/tool:44', 'bin/tool:44', 'bin/tool', 44],
    ['✓ test/a.test.ts (11 tests) 842ms', 'test/a.test.ts', 'test/a.test.ts', null],
    ['a/b.ts:0', 'a/b.ts:0', 'a/b.ts', null],
  ])('finds the file in %j', (text, shown, path, line) => {
    expect(found(text)).toEqual([[shown, path, line]])
  })

  it.each([
    'and/or',
    'e.g. this, i.e. that',
    'https://example.com/a/b.ts:12',
    '11/12 passed, 3.1s',
    'v4.0.2 of 2026-11-20T17:00:00+01:00',
    'Do you want to proceed?',
    '+148 -22',
    'yes/no/cancel',
  ])('finds none in %j', (text) => {
    expect(found(text)).toEqual([])
  })

  it('finds several in one line', () => {
    expect(found('moved src/a.ts to lib/b.ts:3').map(([, path]) => path)).toEqual(['src/a.ts', 'lib/b.ts'])
  })

  it('takes time in proportion to the line, and keeps matches in order and apart', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '.', '/', ':', '1', '(', ')', ' ', '"', '-'), maxLength: 400 }),
        (text) => {
          let last = 0
          for (const match of findPaths(text)) {
            expect(match.start).toBeGreaterThanOrEqual(last)
            expect(match.end).toBeGreaterThan(match.start)
            last = match.end
          }
        },
      ),
    )
    expect(findPaths('a/'.repeat(20_000)).length).toBeLessThanOrEqual(1)
  })
})

describe('what a printed path may open', () => {
  it('resolves against the folder of the terminal', () => {
    expect(resolveInside('src/a.ts', '/w/tree', '/w/tree')).toBe('/w/tree/src/a.ts')
    expect(resolveInside('../b.ts', '/w/tree/src', '/w/tree')).toBe('/w/tree/b.ts')
    expect(resolveInside('/w/tree/c.ts', '/w/tree', '/w/tree/')).toBe('/w/tree/c.ts')
    expect(resolveInside(String.raw`src\a.cs`, 'C:\\w', 'c:\\W')).toBe(String.raw`C:\w\src\a.cs`)
  })

  it('refuses what leaves the worktree', () => {
    for (const path of ['../x', '/etc/passwd', '/w/tree-2/a.ts', '~/x', 'a/../../../etc/passwd', '/w/tree/../other/x'])
      expect(resolveInside(path, '/w/tree', '/w/tree')).toBeNull()
    expect(resolveInside('a.ts', '/w/tree', '/')).toBeNull()
  })
})
