import * as fc from 'fast-check'
import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  globCovers,
  globsOverlap,
  parseGlob,
  pathAsGlob,
  possibleRootsOf,
  rootsOf,
  type Glob,
} from '../../../../shared/lib/glob.ts'

const glob = (text: string, ignoresCase = false): Glob => {
  const parsed = parseGlob(text, ignoresCase)
  if (!parsed.ok) throw new Error(parsed.refusal.message)
  return parsed.value
}
const overlap = (a: string, b: string, ignoresCase = false) => globsOverlap(glob(a, ignoresCase), glob(b, ignoresCase))
const covers = (pattern: string, path: string, ignoresCase = false) => {
  const read = pathAsGlob(path, ignoresCase)
  return read !== null && globCovers(glob(pattern, ignoresCase), read)
}

describe('a pattern', () => {
  it.each([
    ['src/app.ts', 'src/app.ts'],
    ['./src//app/./x.ts', 'src/app/x.ts'],
    ['src\\app\\x.ts', 'src/app/x.ts'],
    ['src/', 'src/**'],
    ['src/{a,b}/*.ts', 'src/{a,b}/*.ts'],
    ['cafe\u0301/x', 'caf\u00e9/x'],
    ['app/(group)/[id]/page.tsx', 'app/(group)/[id]/page.tsx'],
  ])('%s has the normal form %s, which is its own', (text, normal) => {
    expect(glob(text).pattern).toBe(normal)
    expect(glob(normal).pattern).toBe(normal)
  })

  it.each([
    ['', 'names nothing'],
    ['.', 'names nothing'],
    ['./', 'names nothing'],
    ['/etc/passwd', 'out of the repository'],
    ['C:\\Windows', 'out of the repository'],
    ['~/x', 'out of the repository'],
    ['src/../../x', 'out of the repository'],
    ['{a,../b}', 'no path'],
    ['{a,/b}', 'no path'],
    ['{a,}', 'no path'],
    ['a\u0000b', 'control character'],
    ['!src/**', 'Leave the `!` out'],
    ['src/@(a|b).ts', 'Write `{a,b}`'],
    ['src/[[:alpha:]].ts', 'not supported'],
    ['src/{1..9}.ts', 'ranges'],
    ['src/{a,{b,c}}.ts', 'braces'],
    ['src/{a,b.ts', 'braces'],
    ['src/a,b}.ts', 'braces'],
    ['src/a**b', '`**` must stand alone'],
    ['{a,b}{c,d}{e,f}{g,h}{i,j}{k,l}', 'stands for 64 patterns'],
    ['x'.repeat(513), 'longer than 512'],
  ])('%j is refused with what to do', (text, said) => {
    const refused = parseGlob(text, false)
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'INVALID' } })
    expect(!refused.ok && refused.refusal.message).toContain(said)
  })
})

describe('a path', () => {
  it.each<[string, string, boolean]>([
    ['src/app', 'src/app', true],
    ['src/app', 'src/app/deep/x.ts', true],
    ['src/app', 'src/app.ts', false],
    ['src/*', 'src/x.ts', true],
    ['src/*', 'src/deep/x.ts', false],
    ['src/**', 'src/deep/x.ts', true],
    ['**/*.ts', 'x.ts', true],
    ['**/*.ts', 'a/b/x.ts', true],
    ['**/*.ts', 'a/b/x.tsx', false],
    ['a/**/z', 'a/z', true],
    ['a/**/z', 'a/b/c/z', true],
    ['a/?.ts', 'a/😀.ts', true],
    ['a/?.ts', 'a/xy.ts', false],
    ['{src,test}/*.{ts,tsx}', 'test/x.tsx', true],
    ['{src,test}/*.{ts,tsx}', 'docs/x.tsx', false],
    ['**', '.github/workflows/ci.yml', true],
    ['app/[id]/page.tsx', 'app/[id]/page.tsx', true],
    ['src/[ab].ts', 'src/a.ts', true],
    ['src/[ab].ts', 'src/index.ts', false],
    ['a$&/{x,y}', 'a$&/y', true],
    ['src/{id}.ts', 'src/{id}.ts', true],
  ])('%s covers %s: %s', (pattern, path, expected) => {
    expect(covers(pattern, path)).toBe(expected)
  })

  it('outside of the repository is no path of it', () => {
    for (const path of ['/etc/passwd', '../x', 'a/../../x', '', '.', 'C:/x']) expect(pathAsGlob(path, false)).toBeNull()
  })

  it('is compared by the rule of its file system, in either way of writing an accent', () => {
    expect(covers('src/App.ts', 'SRC/app.TS', true)).toBe(true)
    expect(covers('src/App.ts', 'SRC/app.TS')).toBe(false)
    expect(covers('stra\u00dfe/?', 'STRASSE/\u00df', true)).toBe(true)
    expect(covers('caf\u00e9', 'cafe\u0301')).toBe(true)
    expect(covers('\u03c3', '\u03c2', true)).toBe(true)
  })
})

describe('two patterns', () => {
  it.each<[string, string, boolean]>([
    ['src/**', 'src/a/b.ts', true],
    ['src/*.ts', 'src/app.*', true],
    ['src/*.ts', 'src/*.tsx', false],
    ['**/*.ts', 'docs/**', true],
    ['**/a', 'b/**', true],
    ['a/*/c', 'a/**', true],
    ['a/*', 'b/*', false],
    ['*a*b', 'a*c', false],
    ['{a,b}/x', '{b,c}/x', true],
    ['{a,b}/x', '{c,d}/x', false],
    ['src', 'src/deep/x.ts', true],
    ['src/app', 'src/app2', false],
  ])('%s and %s overlap: %s', (a, b, expected) => {
    expect(overlap(a, b)).toBe(expected)
    expect(overlap(b, a)).toBe(expected)
  })

  it('made of nothing but stars are decided at once, however many there are', () => {
    const stars = '*a'.repeat(200)
    expect(overlap(`${stars}b`, `${stars}c`)).toBe(false)
    expect(overlap(`${'**/'.repeat(120)}*x`, `${'**/'.repeat(120)}*y`)).toBe(false)
  })
})

// Small enough that every path that could be a witness is in the list below: where two such patterns meet at all, they meet
// in at most three segments of at most two characters.
const segment = fc.oneof(
  { weight: 1, arbitrary: fc.constant('**') },
  { weight: 4, arbitrary: fc.array(fc.constantFrom('a', 'b', '*', '?'), { minLength: 1, maxLength: 2 }) },
)
const pattern = fc
  .array(segment, { minLength: 1, maxLength: 2 })
  .map((segments) => segments.map((each) => (typeof each === 'string' ? each : each.join(''))))
  .map((segments) => segments.map((each) => (each.includes('**') ? '**' : each)).join('/'))
const braced = fc.tuple(pattern, pattern).map(([a, b]) => `{${a},${b}}`)
const unique = ['', 'a', 'b'].flatMap((x) => ['a', 'b'].map((y) => x + y))
const paths = unique.flatMap((x) => [
  x,
  ...unique.flatMap((y) => [`${x}/${y}`, ...unique.map((z) => `${x}/${y}/${z}`)]),
])

/** What node says a pattern matches, with our one addition: a last part without wildcards covers what lies under it. */
const nodeCovers = (text: string, path: string) =>
  posix.matchesGlob(path, text) ||
  // Node's `a/**` does not match `a` itself, ours does: a folder there may be a file on another branch.
  (text.endsWith('/**') && posix.matchesGlob(path, text.slice(0, -3))) ||
  (/(?:^|\/)[ab]+$/.test(text) && posix.matchesGlob(path, `${text}/**`))
const splitBraces = (text: string) => (text.startsWith('{') ? text.slice(1, -1).split(',') : [text])
const bruteCovers = (text: string, path: string) => splitBraces(text).some((each) => nodeCovers(each, path))

describe('every pattern', () => {
  it('that covers a path has its root at a place where the path is looked up', () => {
    expect(rootsOf(glob('src/{app,*}/x.ts'))).toEqual(['src/app/x.ts', 'src'])
    expect(possibleRootsOf(pathAsGlob('Src/x.ts', true) as Glob)).toEqual(['', 'SRC', 'SRC/X.TS'])
    fc.assert(
      fc.property(fc.oneof(pattern, braced), fc.constantFrom(...paths), (text, path) => {
        if (!covers(text, path)) return
        const places = possibleRootsOf(pathAsGlob(path, false) as Glob)
        expect(rootsOf(glob(text)).some((root) => places.includes(root))).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })

  it('covers exactly what brute force says it covers', () => {
    fc.assert(
      fc.property(fc.oneof(pattern, braced), fc.constantFrom(...paths), (text, path) => {
        expect(covers(text, path), `${text} on ${path}`).toBe(bruteCovers(text, path))
      }),
      { numRuns: 5000 },
    )
  })

  it('overlaps another exactly when some path is covered by both', () => {
    fc.assert(
      fc.property(fc.oneof(pattern, braced), fc.oneof(pattern, braced), (a, b) => {
        const witness = paths.find((path) => bruteCovers(a, path) && bruteCovers(b, path))
        expect(overlap(a, b), `${a} and ${b}: ${witness ?? 'no path'}`).toBe(witness !== undefined)
      }),
      { numRuns: 1000 },
    )
  })

  it('that covers a path overlaps every pattern that covers it too, whatever the characters and the case rule', () => {
    const character = fc.constantFrom(
      'a',
      'B',
      '.',
      '-',
      '[',
      ']',
      '(',
      '$',
      'é',
      'ß',
      '{',
      '}',
      ',',
      '*',
      '?',
      '/',
      '!',
    )
    const wild = fc.array(character, { minLength: 1, maxLength: 12 }).map((all) => all.join(''))
    const path = fc
      .array(fc.constantFrom('a', 'b', 'A', 'B', '.', 'é', 'SS', 'ß', '/'), { minLength: 1, maxLength: 8 })
      .map((all) => all.join(''))
    fc.assert(
      fc.property(wild, wild, path, fc.boolean(), (a, b, text, ignoresCase) => {
        const [one, other, read] = [parseGlob(a, ignoresCase), parseGlob(b, ignoresCase), pathAsGlob(text, ignoresCase)]
        if (!one.ok || !other.ok || !read) return
        expect(globsOverlap(one.value, one.value)).toBe(true)
        if (globCovers(one.value, read) && globCovers(other.value, read))
          expect(globsOverlap(one.value, other.value), `${a} and ${b} on ${text}`).toBe(true)
      }),
      { numRuns: 20_000 },
    )
  })
})
