import { readdir, readFile } from 'node:fs/promises'

export interface ProcessTimes {
  readonly pid: number
  readonly parent: number
  /** Of the process and of those children of it that ended and were waited for, in clock ticks. */
  readonly ticks: number
}

/** A tick as Linux tells it to programs, whatever its own clock does. */
const tickMs = 10

/**
 * CPU time so far of a process and of all that it started, whether that runs or has ended, in ms. Linux alone. A process that
 * ends while all are read may count for itself and for its parent, or for neither: of three looks in a row that find the same
 * processes, none ended in the middle one.
 */
export const treeCpuMs = async (root: number = process.pid): Promise<number> => {
  const looks: (readonly ProcessTimes[])[] = []
  for (;;) {
    looks.push(treeOf(root, await readAll()))
    const [first, middle, last] = looks.slice(-3).map((look) => look.map(({ pid }) => pid).join())
    if (last === undefined || first !== last || middle !== last) continue
    return (looks.at(-2) ?? []).reduce((sum, { ticks }) => sum + ticks, 0) * tickMs
  }
}

const readAll = async (): Promise<readonly ProcessTimes[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const all = pids.map((pid) =>
    readFile(`/proc/${pid}/stat`, 'utf8').then(
      (line) => [parseStat(line)],
      // It ended since it was listed.
      () => [],
    ),
  )
  return (await Promise.all(all)).flat()
}

/** Parses a line of /proc/PID/stat; the name in it may hold blanks and parentheses. */
export const parseStat = (line: string): ProcessTimes => {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  return { pid: Number.parseInt(line, 10), parent: Number(fields[1]), ticks }
}

/** A process and all below it. */
export const treeOf = (root: number, all: readonly ProcessTimes[]): readonly ProcessTimes[] => [
  ...all.filter(({ pid }) => pid === root),
  ...all.filter(({ parent }) => parent === root).flatMap(({ pid }) => treeOf(pid, all)),
]
