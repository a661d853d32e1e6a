import { createStore, type StoreApi } from 'zustand/vanilla'

export interface Rows<Id extends string, Row> {
  readonly byId: ReadonlyMap<Id, Row>
}

/** Whole rows by id. News replaces rows, so the only reducer is `Map.set`. */
export interface RowStore<Id extends string, Row> {
  readonly store: StoreApi<Rows<Id, Row>>
  get(id: Id): Row | undefined
  put(rows: readonly Row[]): void
  remove(id: Id): void
  /** Drops everything and takes these rows: what a fresh snapshot does. */
  replace(rows: readonly Row[]): void
}

export const createRowStore = <Id extends string, Row>(idOf: (row: Row) => Id): RowStore<Id, Row> => {
  const store = createStore<Rows<Id, Row>>(() => ({ byId: new Map() }))
  const entries = (rows: readonly Row[]) => rows.map((row) => [idOf(row), row] as const)
  return {
    store,
    get: (id) => store.getState().byId.get(id),
    put: (rows) => {
      if (rows.length === 0) return
      // A copy of at most some hundred entries, once per batch of news: it is what makes selectors cheap to compare.
      store.setState({ byId: new Map([...store.getState().byId, ...entries(rows)]) })
    },
    remove: (id) => {
      if (!store.getState().byId.has(id)) return
      const byId = new Map(store.getState().byId)
      byId.delete(id)
      store.setState({ byId })
    },
    replace: (rows) => {
      store.setState({ byId: new Map(entries(rows)) })
    },
  }
}
