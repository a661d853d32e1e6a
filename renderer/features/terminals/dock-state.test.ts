import { describe, expect, it } from 'vitest'
import { createTerminalsController, noTiles, type Dock } from './dock-state.ts'

const createDock = () => {
  const log: string[] = []
  const dock: Dock = {
    reveal: (view) => log.push(`reveal ${view}`),
    open: (view) => log.push(`open ${view}`),
    close: (view) => log.push(`close ${view}`),
    setPreset: (preset) => log.push(`preset ${preset}`),
    toggleMaximised: () => log.push('maximise'),
    focusNeighbour: (direction) => log.push(direction),
    cycle: (by) => log.push(`cycle ${by}`),
  }
  return { log, dock }
}

describe('the controller of the tiles', () => {
  it('does at once what is asked while tiles are shown', () => {
    const controller = createTerminalsController()
    const { log, dock } = createDock()
    controller.attach(dock)
    controller.run((one) => one.setPreset(4))
    expect(log).toEqual(['preset 4'])
  })

  it('keeps what is asked until tiles are shown, in order and once', () => {
    const controller = createTerminalsController()
    const { log, dock } = createDock()
    controller.run((one) => one.reveal('session:a', 'terminal'))
    controller.run((one) => one.toggleMaximised())
    controller.attach(dock)()
    controller.attach(dock)
    expect(log).toEqual(['reveal session:a', 'maximise'])
  })

  it('knows of no tiles once they are gone', () => {
    const controller = createTerminalsController()
    const { log, dock } = createDock()
    const detach = controller.attach(dock)
    controller.state.setState({ active: 'session:a', visible: ['session:a'], tileCount: 1, isMaximised: true })
    detach()
    expect(controller.state.getState()).toEqual(noTiles)
    controller.run((one) => one.cycle(1))
    expect(log).toEqual([])
  })

  it('is not emptied by tiles that others have replaced', () => {
    const controller = createTerminalsController()
    const first = createDock()
    const second = createDock()
    const detachFirst = controller.attach(first.dock)
    controller.attach(second.dock)
    controller.state.setState({ active: 'session:b', visible: [], tileCount: 1, isMaximised: false })
    detachFirst()
    expect(controller.state.getState().active).toBe('session:b')
    controller.run((one) => one.cycle(-1))
    expect(second.log).toEqual(['cycle -1'])
  })
})
