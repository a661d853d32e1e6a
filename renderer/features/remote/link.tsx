import { ExternalLink } from 'lucide-react'
import type { ReactNode } from 'react'
import { Icon } from '../../ui/icon.tsx'

interface LinkProps {
  readonly url: string
  readonly children: ReactNode
}

/** A page elsewhere. The desktop asks before it opens one. */
export const Link = ({ url, children }: LinkProps) => (
  <a className="remote-link" href={url} target="_blank" rel="noopener noreferrer" title={url}>
    {children}
    <Icon of={ExternalLink} size={12} />
  </a>
)
