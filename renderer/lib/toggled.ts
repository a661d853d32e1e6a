/** With a value added, or taken out when it was there. */
export const toggled = <Value>(chosen: readonly Value[], value: Value): Value[] =>
  chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]

/** The same of a set: one of its own, for whoever compares what was before. */
export const withToggled = <Value>(chosen: ReadonlySet<Value>, value: Value): ReadonlySet<Value> =>
  new Set(toggled([...chosen], value))
