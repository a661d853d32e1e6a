/** One line of output: what was asked, what was measured, and whether the goal was reached. */
export const benchRow = (bench, result) => ({ id: bench.id, title: bench.title, goal: bench.goal, ...result })

/** The results as a table for people. */
export function benchTable(rows) {
  const cells = rows.map((row) => [
    row.id,
    row.title,
    row.ratio.toFixed(2),
    row.goal,
    row.ok ? 'reached' : 'MISSED',
    row.note ?? '',
  ])
  const table = [['', 'work', 'ratio', 'goal', '', ''], ...cells]
  const widths = table[0].map((_, column) => Math.max(...table.map((line) => line[column].length)))
  return table
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
