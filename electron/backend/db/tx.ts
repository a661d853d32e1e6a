export type SqlValue = string | number | bigint | null | Uint8Array

/**
 * The whole of what a store may do to the database. Promises, so that the same stores can run on an engine behind a
 * socket; on the embedded one they are already settled, so a transaction never waits for input or output.
 */
export interface Tx {
  /** The first row, or undefined. */
  get<Row>(sql: string, ...values: readonly SqlValue[]): Promise<Row | undefined>
  all<Row>(sql: string, ...values: readonly SqlValue[]): Promise<readonly Row[]>
  /** Answers how many rows were changed. */
  run(sql: string, ...values: readonly SqlValue[]): Promise<{ readonly changes: number }>
}
