import { describe, expect, it } from 'vitest'
import { isWholePath, pickerEntries, type CustomPlace } from './picker-entries.ts'

const option = (label: string, value = label) => ({ label, value })
const paths = ['/backup/work/app', '/work/app/next', '/work/app'].map((path) => option(path))
const entries = (search: string, place: CustomPlace = 'last', options = paths) => {
  const { options: fitting, custom } = pickerEntries(options, search, () => place)
  return { labels: fitting.map(({ label }) => label), custom }
}

describe('what a picker offers', () => {
  it('is everything as it came, and nothing of its own, while nothing is typed', () => {
    expect(entries('  ', 'first')).toEqual({ labels: paths.map(({ label }) => label), custom: null })
  })

  it('begins with what is called just so, then with what begins so', () => {
    expect(entries('/work/app').labels).toEqual(['/work/app', '/work/app/next', '/backup/work/app'])
    expect(entries('/work/app/').labels[0]).toBe('/work/app')
    expect(entries('/WORK/app').labels).toEqual(['/work/app/next', '/work/app', '/backup/work/app'])
  })

  it('offers what was typed unless an option is called so', () => {
    expect(entries('work', 'last').custom).toEqual({ text: 'work', place: 'last' })
    expect(entries(' /elsewhere ', 'first')).toEqual({ labels: [], custom: { text: '/elsewhere', place: 'first' } })
    expect(entries('/work/app', 'first').custom).toBeNull()
    expect(entries('work', 'none').custom).toBeNull()
  })

  it('finds an option by its value when that is typed in full', () => {
    const branches = [option('maintenance', 'refs/heads/maintenance'), option('main', 'refs/heads/main')]
    expect(entries('refs/heads/main', 'last', branches)).toEqual({ labels: ['main'], custom: null })
    expect(entries('refs/heads', 'last', branches).labels).toEqual([])
    expect(entries('main', 'last', branches).labels).toEqual(['main', 'maintenance'])
  })

  it('offers nothing beside what is called just so but cannot be taken', () => {
    const taken = { ...option('main'), disabledReason: 'Checked out already' }
    expect(entries('main', 'last', [option('main-2'), taken])).toEqual({ labels: ['main'], custom: null })
    expect(entries('mai', 'last', [option('main-2'), taken]).labels).toEqual(['main-2', 'main'])
    expect(entries('', 'last', [option('main-2'), taken]).labels).toEqual(['main-2', 'main'])
  })

  it.each([
    ['/work', true],
    ['~/work', true],
    ['C:\\work', true],
    ['d:/work', true],
    ['\\\\server\\share', true],
    ['work', false],
    ['main', false],
    ['feature/x', false],
    ['', false],
  ])('takes %j for a whole path: %s', (typed, isWhole) => {
    expect(isWholePath(typed)).toBe(isWhole)
  })
})
