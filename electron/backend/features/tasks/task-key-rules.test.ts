import { describe, expect, it } from 'vitest'
import { freePrefix, keyOf, prefixFrom, prefixOf } from './task-key-rules.ts'

describe('the prefix of a project’s keys', () => {
  it.each([
    ['app', 'APP'],
    ['App', 'APP'],
    ['switchyard', 'SWI'],
    ['ledger-api', 'LA'],
    ['my_cool project.app web', 'MCPA'],
    ['fooBar', 'FB'],
    ['Größe', 'GRO'],
    ['7zip', 'ZI'],
    ['a', 'A'],
    ['2024 budget', 'BUD'],
    ['日本語', 'TSK'],
    ['123', 'TSK'],
    ['', 'TSK'],
  ])('of “%s” is %s', (name, expected) => {
    expect(prefixFrom(name)).toBe(expected)
  })

  it('gets a number when another project has it', () => {
    expect(freePrefix('APP', new Set())).toBe('APP')
    expect(freePrefix('APP', new Set(['APP']))).toBe('APP2')
    expect(freePrefix('APP', new Set(['APP', 'APP2', 'APP3']))).toBe('APP4')
  })

  it('is found in a key again', () => {
    expect(keyOf('APP', 142)).toBe('APP-142')
    expect(prefixOf('APP2-1')).toBe('APP2')
  })
})
