import type { ReactNode } from 'react'

interface SectionProps {
  readonly title: string
  /** At the end of the line of the title. */
  readonly aside?: ReactNode
  readonly children: ReactNode
}

/** A part of the detail with its title. */
export const Section = ({ title, aside, children }: SectionProps) => (
  <section className="detail-section" aria-label={title}>
    <header className="detail-section-header">
      <h3>{title}</h3>
      <span className="spacer" />
      {aside}
    </header>
    {children}
  </section>
)
