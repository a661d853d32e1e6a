import type { Database as Connection } from 'better-sqlite3'

/** One step from one form of the database to the next. Once landed it is never changed: mend by a further one. */
export interface Migration {
  readonly name: string
  readonly sql: string
}

export class DatabaseTooNewError extends Error {
  override name = 'DatabaseTooNewError'
}

/** Brings the database to the newest form, all in one transaction: it is at the old form or at the new one, never between. */
export const migrate = (connection: Connection, migrations: readonly Migration[]): void => {
  const current = connection.pragma('user_version', { simple: true }) as number
  if (current > migrations.length) {
    throw new DatabaseTooNewError(
      `The data folder was written by a newer Switchyard (form ${current}, this one knows ${migrations.length}). Update Switchyard, or choose another folder with --data.`,
    )
  }
  if (current === migrations.length) return
  connection.transaction(() => {
    for (const migration of migrations.slice(current)) connection.exec(migration.sql)
    connection.pragma(`user_version = ${migrations.length}`)
  })()
}
