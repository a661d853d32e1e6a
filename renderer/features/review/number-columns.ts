/**
 * With both versions in one column of code, the library numbers a line that they share as the new one alone. Its number in
 * the old version is known of the line, and is put beside the other, to be drawn in a column of its own (see diff-look.ts).
 */
export const showOldNumbers = (container: HTMLElement): void => {
  for (const code of container.shadowRoot?.querySelectorAll('[data-unified]') ?? []) {
    const lines = code.querySelectorAll<HTMLElement>('[data-alt-line]')
    const oldByIndex = new Map([...lines].map(({ dataset }) => [dataset['lineIndex'], dataset['altLine']]))
    for (const { dataset } of code.querySelectorAll<HTMLElement>('[data-column-number]')) {
      const old = oldByIndex.get(dataset['lineIndex'])
      if (old !== undefined && dataset['oldNumber'] !== old) dataset['oldNumber'] = old
    }
  }
}
