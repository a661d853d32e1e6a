export interface PickerOption {
  readonly value: string
  readonly label: string
  readonly detail?: string | undefined
  readonly group?: string | undefined
  readonly disabledReason?: string | undefined
}

/** Whether what is typed may be taken as it is, and whether it then goes before what merely contains it. */
export type CustomPlace = 'none' | 'last' | 'first'

export interface PickerEntries {
  readonly options: readonly PickerOption[]
  /** What was typed, to be taken as it is; null when it may not be, or is an option already. */
  readonly custom: { readonly text: string; readonly place: 'first' | 'last' } | null
}

/**
 * What fits, best first: what is called just so, what begins so, what contains it. The first entry is what Enter takes, so
 * one that merely contains what was typed must never stand before it; and beside one that is called just so but cannot be
 * taken nothing else is offered, or Enter would take a neighbour that nobody named.
 */
export const pickerEntries = (
  options: readonly PickerOption[],
  search: string,
  placeOf: (typed: string) => CustomPlace,
): PickerEntries => {
  const typed = search.trim()
  const ranked = [0, 1, 2].flatMap((rank) => options.filter((option) => rankOf(option, typed) === rank))
  const named = typed === '' ? [] : options.filter((option) => rankOf(option, typed) === 0)
  const isRefused = named.length > 0 && named.every(({ disabledReason }) => disabledReason !== undefined)
  const place = typed === '' || named.length > 0 ? 'none' : placeOf(typed)
  return { options: isRefused ? named : ranked, custom: place === 'none' ? null : { text: typed, place } }
}

const rankOf = ({ label, value }: PickerOption, typed: string): number | null => {
  if (typed === '') return 0
  // A folder is the same with or without the slash at its end.
  const exact = typed.length > 1 ? typed.replace(/[\\/]$/, '') : typed
  if (label === exact || value === exact) return 0
  const name = label.toLowerCase()
  const wanted = typed.toLowerCase()
  if (name.startsWith(wanted)) return 1
  return name.includes(wanted) ? 2 : null
}

/** A path from a root or from home, on any system: nobody types one to find another that ends in the same way. */
export const isWholePath = (typed: string): boolean => /^([\\/~]|[A-Za-z]:[\\/])/.test(typed)
