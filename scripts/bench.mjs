// Runs benchmarks by id.   npm run bench -- [B1 B3 …] [--json]      Every figure printed was measured in this run.
import { readdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { ensurePrograms } from './lib/apt.mjs'
import { benchRow, benchTable } from './lib/bench-table.mjs'
import { inRoot, isPinnedNode } from './lib/paths.mjs'

const args = process.argv.slice(2)
const wanted = args.filter((arg) => !arg.startsWith('-')).map((arg) => arg.toUpperCase())
const asJson = args.includes('--json')
const unknownFlag = args.find((arg) => arg.startsWith('-') && arg !== '--json')
if (unknownFlag) fail(2, `Unknown flag ${unknownFlag}. Use: npm run bench -- [B1 B3 …] [--json]`)
if (!isPinnedNode())
  fail(1, 'Benchmarks run on the Node 24 of this repository: use `npm run bench`, after `npm start` or `npm test`.')

const benches = await load()
const missing = wanted.filter((id) => !benches.some((bench) => bench.id === id))
if (missing.length > 0)
  fail(2, `There is no benchmark ${missing.join(', ')}. Known: ${benches.map((bench) => bench.id).join(', ')}.`)

const rows = []
for (const bench of benches.filter(({ id }) => wanted.length === 0 || wanted.includes(id))) {
  // Progress goes to the error stream: the output holds results only.
  console.error(`${bench.id} ${bench.title} …`)
  const lacking = await ensurePrograms(bench.programs ?? {}, console.error)
  if (lacking.length > 0) fail(1, `${bench.id} compares with programs that are not installed: ${lacking.join(', ')}.`)
  for (const result of [await bench.run()].flat()) {
    const row = benchRow(bench, result)
    rows.push(row)
    if (asJson) console.log(JSON.stringify(row))
  }
}
if (!asJson) console.log(benchTable(rows))
process.exit(rows.every((row) => row.ok) ? 0 : 1)

/** The modules in bench/ that export `bench`, in the order of their numbers. */
async function load() {
  const files = readdirSync(inRoot('bench')).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const modules = await Promise.all(files.map((name) => import(pathToFileURL(inRoot('bench', name)).href)))
  const found = modules.map((module) => module.bench).filter((bench) => bench !== undefined)
  return found.sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))
}

function fail(code, message) {
  console.error(message)
  process.exit(code)
}
