import BetterSqlite from 'better-sqlite3'

// One of several processes that claim from one SQLite file, each by itself.   sqlite-claimer.ts FILE NAME
// Told to go, it claims until nothing is left, and says what it got and how long each took.

const [, , path = '', name = ''] = process.argv
const database = new BetterSqlite(path)
database.pragma('synchronous = NORMAL')
database.pragma('busy_timeout = 20000')
const next = database.prepare(`SELECT id FROM tasks WHERE owner IS NULL ORDER BY priority, position LIMIT 1`)
const take = database.prepare(`UPDATE tasks SET owner = ?, epoch = epoch + 1 WHERE id = ? AND owner IS NULL`)
const tell = database.prepare(`INSERT INTO events (at, subject, payload) VALUES (?, ?, ?)`)
const claim = database.transaction(() => {
  const task = next.get() as { id: string } | undefined
  if (!task) return null
  take.run(name, task.id)
  tell.run(Date.now(), task.id, JSON.stringify({ owner: name }))
  return task.id
})

process.on('message', () => {
  const claimed: string[] = []
  const took: number[] = []
  for (;;) {
    const asked = performance.now()
    const task = claim.immediate()
    if (task === null) break
    took.push(performance.now() - asked)
    claimed.push(task)
  }
  process.send?.({ claimed, took })
})
process.send?.('ready')
