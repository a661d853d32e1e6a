import { describe, expect, it } from 'vitest'
import { renderMarkup } from '../../dev/render-markup.tsx'
import { ViewedBox } from './viewed-box.tsx'

const box = (state: Parameters<typeof ViewedBox>[0]['state']) =>
  renderMarkup(<ViewedBox state={state} label="Viewed" onToggle={() => {}} />)

describe('the box of what was viewed', () => {
  it.each([
    ['none', 'false'],
    ['viewed', 'true'],
    ['all', 'true'],
    ['some', 'mixed'],
    ['stale', 'mixed'],
  ] as const)('of %s is a checkbox that says %s', (state, checked) => {
    expect(box(state)).toMatch(new RegExp(`role="checkbox"[^>]*aria-checked="${checked}"`))
  })

  it('is filled as any other checkbox when it was viewed, and only then', () => {
    for (const state of ['viewed', 'all'] as const) expect(box(state)).toContain('data-checked="true"')
    for (const state of ['none', 'some', 'stale'] as const) expect(box(state)).not.toContain('data-checked')
  })

  it('says that a file changed since, which the colour alone would not', () => {
    expect(box('stale')).toContain('aria-label="Viewed, changed since"')
  })
})
