/** What is kept for a while after it was last shown, because making it again is slow. */
export interface Pooled {
  readonly dispose: () => void
}

export interface Pool<Id, Item extends Pooled> {
  /** The item of an id, made when there is none, and kept as if it had just been released. */
  readonly get: (id: Id) => Item
  /** The same, and it stays while it is held. */
  readonly hold: (id: Id) => Item
  /** Lets go of it: it may be disposed as soon as room is needed. */
  readonly release: (id: Id) => void
  readonly peek: (id: Id) => Item | undefined
  readonly items: () => readonly Item[]
  /** Disposes it now: what it showed is gone for good. */
  readonly drop: (id: Id) => void
  readonly dispose: () => void
}

/** Keeps at most `size` items that nobody holds, dropping the one that was released longest ago. */
export const createPool = <Id, Item extends Pooled>(size: number, create: (id: Id) => Item): Pool<Id, Item> => {
  // A map remembers the order of insertion: the idle ones lie in the order of their release.
  const held = new Map<Id, { readonly item: Item; holds: number }>()
  const idle = new Map<Id, Item>()

  const take = (id: Id): Item => {
    const item = idle.get(id) ?? create(id)
    idle.delete(id)
    return item
  }
  const shrink = () => {
    for (const [id, item] of idle) {
      if (idle.size <= size) return
      idle.delete(id)
      item.dispose()
    }
  }
  return {
    get: (id) => {
      const known = held.get(id)?.item
      if (known !== undefined) return known
      const item = take(id)
      idle.set(id, item)
      shrink()
      return item
    },
    hold: (id) => {
      const known = held.get(id)
      if (known !== undefined) {
        known.holds += 1
        return known.item
      }
      const item = take(id)
      held.set(id, { item, holds: 1 })
      return item
    },
    release: (id) => {
      const known = held.get(id)
      if (known === undefined) return
      known.holds -= 1
      if (known.holds > 0) return
      held.delete(id)
      idle.set(id, known.item)
      shrink()
    },
    peek: (id) => held.get(id)?.item ?? idle.get(id),
    items: () => [...[...held.values()].map(({ item }) => item), ...idle.values()],
    drop: (id) => {
      const item = held.get(id)?.item ?? idle.get(id)
      held.delete(id)
      idle.delete(id)
      item?.dispose()
    },
    dispose: () => {
      for (const { item } of held.values()) item.dispose()
      for (const item of idle.values()) item.dispose()
      held.clear()
      idle.clear()
    },
  }
}
