import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root as repository } from './paths.mjs'

/**
 * A hash of the names and contents of all files under `inputs` (files or folders, relative to `root`).
 * Contents rather than times: a checkout or a copy changes every time stamp and nothing else.
 */
export function hashInputs(inputs, root = repository) {
  const hash = createHash('sha256')
  for (const file of inputs.flatMap((input) => filesUnder(root, input)).sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0')
  }
  return hash.digest('hex')
}

/** What was recorded under `name` when it was last made, or undefined. */
export function readStamp(name, root = repository) {
  const file = stampFile(root, name)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

export function writeStamp(name, value, root = repository) {
  mkdirSync(dirname(stampFile(root, name)), { recursive: true })
  writeFileSync(stampFile(root, name), value)
}

const stampFile = (root, name) => join(root, '.cache', 'stamps', name)

function filesUnder(root, path) {
  const full = join(root, path)
  if (!existsSync(full)) return []
  if (statSync(full).isFile()) return [path]
  return readdirSync(full).flatMap((name) => (isIgnored(name) ? [] : filesUnder(root, `${path}/${name}`)))
}

// Tests are no part of what is built.
const isIgnored = (name) => name === 'node_modules' || /\.test\.tsx?$/.test(name)
