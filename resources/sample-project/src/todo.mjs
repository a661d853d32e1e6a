import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { addEntry, formatList, parseCommand } from './list.mjs'

const file = 'todo.json'
const entries = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
const command = parseCommand(process.argv.slice(2))

if (command.kind === 'add') writeFileSync(file, JSON.stringify(addEntry(entries, command.text), null, 2))
else if (command.kind === 'list') process.stdout.write(formatList(entries))
else {
  process.stderr.write('usage: todo add TEXT | todo list\n')
  process.exitCode = 2
}
