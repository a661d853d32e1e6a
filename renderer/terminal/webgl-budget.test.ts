import type { WebglAddon } from '@xterm/addon-webgl'
import type { Terminal } from '@xterm/xterm'
import { describe, expect, it } from 'vitest'
import { createWebglBudget, maxContexts } from './webgl-budget.ts'

const createTerminal = (loads: () => void = () => {}) => ({ loadAddon: loads }) as unknown as Terminal

const createAddons = () => {
  const made: { disposed: number; lose: () => void }[] = []
  const create = () => {
    const addon = { disposed: 0, lose: () => {} }
    made.push(addon)
    return {
      onContextLoss: (listener: () => void) => void (addon.lose = listener),
      dispose: () => void (addon.disposed += 1),
    } as unknown as WebglAddon
  }
  return { made, create, live: () => made.filter((addon) => addon.disposed === 0).length }
}

describe('the budget of graphics contexts', () => {
  it('takes the context of the terminal that was hidden longest ago', () => {
    const { create, live } = createAddons()
    const budget = createWebglBudget(true, create)
    const terminals = Array.from({ length: maxContexts + 1 }, () => createTerminal())
    for (const terminal of terminals.slice(0, maxContexts)) budget.acquire(terminal, () => {})
    budget.release(terminals[3]!)
    budget.release(terminals[1]!)
    budget.acquire(terminals.at(-1)!, () => {})
    expect(budget.has(terminals[3]!)).toBe(false)
    expect(budget.has(terminals[1]!)).toBe(true)
    expect(live()).toBe(maxContexts)
  })

  it('never takes one from a terminal that is shown', () => {
    const { create } = createAddons()
    const budget = createWebglBudget(true, create)
    const terminals = Array.from({ length: maxContexts + 3 }, () => createTerminal())
    for (const terminal of terminals) budget.acquire(terminal, () => {})
    expect(terminals.filter((terminal) => budget.has(terminal))).toEqual(terminals.slice(0, maxContexts))
  })

  it('gives a hidden terminal its own context back', () => {
    const { create, made } = createAddons()
    const budget = createWebglBudget(true, create)
    const terminal = createTerminal()
    budget.acquire(terminal, () => {})
    budget.release(terminal)
    budget.acquire(terminal, () => {})
    expect(made).toHaveLength(1)
  })

  it('falls back to elements when a context is lost, and for good after three losses', () => {
    const { create, made } = createAddons()
    const budget = createWebglBudget(true, create)
    const terminal = createTerminal()
    let lost = 0
    for (let at = 0; at < 5; at += 1) {
      budget.acquire(terminal, () => (lost += 1))
      made.at(-1)?.lose()
      if (at < 3) expect(budget.has(terminal)).toBe(false)
      made.at(-1)!.lose = () => {}
    }
    expect(lost).toBe(3)
    expect(made).toHaveLength(3)
    expect(made.every((addon) => addon.disposed === 1)).toBe(true)
  })

  it('asks once where there is no WebGL', () => {
    const { create, made } = createAddons()
    const budget = createWebglBudget(true, create)
    const refuse = () => {
      throw new Error('WebGL2 not supported')
    }
    budget.acquire(createTerminal(refuse), () => {})
    budget.acquire(createTerminal(refuse), () => {})
    expect(made).toHaveLength(1)
    expect(made[0]?.disposed).toBe(1)
  })

  it('makes none where it is not allowed', () => {
    const { create, made } = createAddons()
    createWebglBudget(false, create).acquire(createTerminal(), () => {})
    expect(made).toEqual([])
  })
})
