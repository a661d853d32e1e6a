import './kbd.css'

/** A key as the person's keyboard names it. */
export const Kbd = ({ keys }: { readonly keys: string }) => <kbd className="kbd">{keys}</kbd>
