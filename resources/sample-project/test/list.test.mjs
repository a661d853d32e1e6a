import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addEntry, formatList } from '../src/list.mjs'

await test('an entry is added at the end', () => {
  const entries = addEntry([{ text: 'first', isDone: true }], 'second')
  assert.deepEqual(entries.at(-1), { text: 'second', isDone: false })
})

await test('a list is numbered and shows what is done', () => {
  assert.equal(formatList([{ text: 'first', isDone: true }]), '1. [x] first\n')
})
