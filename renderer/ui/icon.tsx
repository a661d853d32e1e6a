import type { LucideIcon } from 'lucide-react'

interface IconProps {
  readonly of: LucideIcon
  readonly size?: 12 | 14 | 16
  readonly className?: string
}

/** An icon beside text: neutral, never the only carrier of a meaning. */
export const Icon = ({ of: Shape, size = 16, className = '' }: IconProps) => (
  <Shape className={`icon ${className}`} size={size} strokeWidth={1.6} aria-hidden="true" focusable="false" />
)
