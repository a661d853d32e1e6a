const regionSelector = '[data-region]'
const focusable =
  '[data-region-focus], [tabindex="0"], button:not([disabled]):not([tabindex="-1"]), input:not([disabled]), textarea:not([disabled]), a[href]'

/**
 * Moves the focus to the next part of the window, round and round. Parts are marked with `data-region`; within one, the
 * element marked `data-region-focus` gets the focus, else the first that can have it.
 */
export const focusNextRegion = (page: Document, by: 1 | -1): void => {
  const regions = [...page.querySelectorAll<HTMLElement>(regionSelector)].filter((region) => entryOf(region) !== null)
  if (regions.length === 0) return
  const current = page.activeElement?.closest<HTMLElement>(regionSelector) ?? null
  const at = current === null ? -1 : regions.indexOf(current)
  const next = at === -1 && by === -1 ? regions.length - 1 : (at + by + regions.length) % regions.length
  const region = regions[next]
  if (region !== undefined) entryOf(region)?.focus()
}

/** The first focusable element that belongs to this region and not to one nested in it. */
const entryOf = (region: HTMLElement): HTMLElement | null => {
  if (region.tabIndex >= 0) return region
  const own = [...region.querySelectorAll<HTMLElement>(focusable)].filter(
    (element) => element.closest(regionSelector) === region && element.checkVisibility(),
  )
  return own.find((element) => element.hasAttribute('data-region-focus')) ?? own[0] ?? null
}
