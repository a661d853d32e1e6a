import { inertLine, inertText } from './inert-text.ts'
import { tableOf } from './table.ts'

type Row = Readonly<Record<string, unknown>>

/** What a verb answered, for people: lists as tables, long texts as they are, one line for each other thing. */
export const formatAnswer = (value: Row, now: number): string => {
  const { seq, ...said } = value
  const parts = Object.entries(said)
    .map(([key, part]) => formatPart(key, part, now))
    .filter((part) => part !== '')
  if (typeof seq === 'number') parts.push(`Recorded as event ${seq}.`)
  return parts.length === 0 ? '' : `${parts.join('\n')}\n`
}

/** Long texts, which are read and not looked up. */
const isProse = (key: string) => ['markdown', 'body', 'summary', 'next', 'notReady', 'answer'].includes(key)

const formatPart = (key: string, part: unknown, now: number): string => {
  if (Array.isArray(part)) return formatList(key, part as readonly unknown[], now)
  if (isRow(part)) return formatRow(key, part, now)
  if (isProse(key) && typeof part === 'string')
    return key === 'markdown' ? inertText(part) : `${key}:\n${inertText(part)}`
  const text = formatCell(key, part, now)
  return text === '' ? '' : `${key}: ${text}`
}

const formatList = (key: string, items: readonly unknown[], now: number): string => {
  const rows = items.filter(isRow)
  if (rows.length === 0)
    return items.length === 0 ? `${key}: none` : `${key}: ${items.map((item) => inertLine(plain(item))).join(', ')}`
  if (rows.some((row) => Object.keys(row).some(isProse)))
    return rows.map((row) => formatRow(key, row, now)).join('\n\n')
  const columns = columnsOf(rows)
  const table = tableOf([
    columns.map((column) => column.toUpperCase()),
    ...rows.map((row) => columns.map((column) => formatCell(column, row[column], now) || '-')),
  ])
  return `${key}:\n${table}`
}

const formatRow = (key: string, row: Row, now: number): string => {
  const fields = Object.entries(row).filter(([name]) => !isHidden(name, row))
  const lines = fields
    .filter(([name]) => !isProse(name))
    .map(([name, value]) => [name, formatCell(name, value, now)] as const)
    .filter(([, text]) => text !== '')
  const proses = fields.flatMap(([name, value]) =>
    isProse(name) && typeof value === 'string' && value !== '' ? [`${name}:\n${inertText(value)}`] : [],
  )
  return [`${key}:`, tableOf(lines.map(([name, text]) => [`  ${name}`, text])), ...proses].join('\n')
}

/** What is the same for machines in other words, or says nothing to a person. */
const isHidden = (name: string, row: Row): boolean =>
  name === 'rev' || name === 'position' || (name === 'id' && 'key' in row) || (name.endsWith('Id') && 'by' in row)

/** In the order of the first row; what is empty in all of them is left out, and the longest texts come last. */
const columnsOf = (rows: readonly Row[]): readonly string[] => {
  const names = Object.keys(rows[0] ?? {}).filter((name) => rows.some((row) => !isHidden(name, row)))
  const shown = names.filter((name) => rows.some((row) => !isHidden(name, row) && !isEmpty(row[name])))
  const isLong = (name: string) =>
    ['title', 'subject', 'message', 'report', 'payload', 'reason', 'targets'].includes(name)
  return [...shown.filter((name) => !isLong(name)), ...shown.filter(isLong)]
}

const isEmpty = (value: unknown) =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

const formatCell = (name: string, value: unknown, now: number): string => {
  if (isEmpty(value)) return ''
  if (typeof value === 'number' && isTime(name)) return formatTime(value, now)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'object') return inertLine(Array.isArray(value) ? listWords(value) : JSON.stringify(value))
  return inertLine(plain(value))
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

const listWords = (items: readonly unknown[]) => items.map((item) => plain(item)).join(', ')

const isTime = (name: string) => /^at$|At$|Until$|Deadline$/.test(name)

/** Near times as a distance: whether a lease still holds is the question, not when it began. */
const formatTime = (time: number, now: number): string => {
  const seconds = Math.round((time - now) / 1000)
  const distance = Math.abs(seconds)
  if (distance >= 36 * 3600) return new Date(time).toISOString().slice(0, 16).replace('T', ' ')
  const words =
    distance < 90
      ? `${distance} s`
      : distance < 5400
        ? `${Math.round(distance / 60)} min`
        : `${Math.round(distance / 3600)} h`
  return seconds > 0 ? `in ${words}` : `${words} ago`
}

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)
