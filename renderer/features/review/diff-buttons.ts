const selector = '[data-expand-button]'

/**
 * The library draws buttons without a name that only a pointer reaches, and lines that only a pointer scrolls sideways.
 * Both are mended after each drawing.
 */
export const openToKeyboard = (container: HTMLElement): void => {
  for (const button of container.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? []) {
    button.setAttribute('aria-label', labelOf(button))
    button.tabIndex = 0
  }
  for (const code of container.shadowRoot?.querySelectorAll<HTMLElement>('[data-code]') ?? []) {
    if (code.scrollWidth > code.clientWidth) code.tabIndex = 0
    else code.removeAttribute('tabindex')
  }
}

const labelOf = ({ dataset }: HTMLElement) => {
  if (dataset['expandUp'] !== undefined) return 'Show lines above'
  return dataset['expandDown'] !== undefined ? 'Show lines below' : 'Show the lines between'
}

/** Enter and the space bar press such a button as a click does. */
export const pressExpandButton = (event: KeyboardEvent): void => {
  if (event.key !== 'Enter' && event.key !== ' ') return
  const [target] = event.composedPath()
  if (!(target instanceof HTMLElement) || !target.matches(selector)) return
  event.preventDefault()
  target.click()
}
