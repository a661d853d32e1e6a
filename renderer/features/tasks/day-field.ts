// A day of the person's own calendar, as a field of the type "date" writes it: 2026-12-01.

export const fieldFromDay = (at: number | null): string => {
  if (at === null) return ''
  const day = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${String(day.getFullYear()).padStart(4, '0')}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}

/** The first moment of the day; null when the field is empty or holds no day. */
export const dayFromField = (text: string): number | null => {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []
  if (year === undefined || month === undefined || date === undefined) return null
  const day = new Date(Number(year), Number(month) - 1, Number(date))
  return day.getMonth() === Number(month) - 1 ? day.getTime() : null
}
