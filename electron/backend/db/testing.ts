import type { SqlValue, Tx } from './tx.ts'

/** How the database would carry out each statement of some work, one line each: the statements themselves, not copies of them. */
export const plansOf = async (tx: Tx, work: (tx: Tx) => Promise<unknown>): Promise<string[]> => {
  const seen: { readonly sql: string; readonly values: readonly SqlValue[] }[] = []
  const note = (sql: string, values: readonly SqlValue[]) => void seen.push({ sql, values })
  await work({
    get: (sql, ...values) => (note(sql, values), tx.get(sql, ...values)),
    all: (sql, ...values) => (note(sql, values), tx.all(sql, ...values)),
    run: (sql, ...values) => (note(sql, values), tx.run(sql, ...values)),
  })
  const plans: string[] = []
  for (const { sql, values } of seen) {
    const steps = await tx.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values)
    plans.push(steps.map(({ detail }) => detail).join('; '))
  }
  return plans
}
