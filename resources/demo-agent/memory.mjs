import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** The conversation so far, in a file: what was asked and what was done, oldest first. */
export function createMemory(path) {
  const read = () => {
    if (!path) return []
    // Expects ENOENT on a first start, and SyntaxError in a file of somebody else: both are no conversation.
    try {
      const turns = JSON.parse(readFileSync(path, 'utf8'))
      return Array.isArray(turns) ? turns : []
    } catch {
      return []
    }
  }
  const turns = read()
  const save = () => {
    if (!path) return
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(`${path}.new`, JSON.stringify(turns), { mode: 0o600 })
    renameSync(`${path}.new`, path)
  }
  return {
    read,
    /** Notes a turn at its start; `finish` changes what is noted. */
    begin(turn) {
      turns.push(turn)
      save()
      return {
        finish(result) {
          Object.assign(turn, result)
          save()
        },
      }
    },
  }
}
