import './button.css'
import type { LucideIcon } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { BusyRing } from './status-mark.tsx'
import { Icon } from './icon.tsx'
import { Kbd } from './kbd.tsx'
import { Tooltip } from './tooltip.tsx'

type NativeButton = Omit<ComponentProps<'button'>, 'children' | 'className' | 'type'>

interface ButtonProps extends NativeButton {
  readonly children: ReactNode
  readonly variant?: 'default' | 'primary' | 'ghost' | 'danger' | 'danger-fill'
  readonly size?: 'small' | 'medium' | 'large'
  readonly icon?: LucideIcon
  readonly iconAfter?: LucideIcon
  readonly keys?: string | undefined
  readonly isBusy?: boolean
  /** Why it cannot be pressed now; shown in its tooltip. The button stays reachable by keyboard. */
  readonly disabledReason?: string | null
  readonly type?: 'button' | 'submit'
}

export const Button = ({
  children,
  variant = 'default',
  size = 'medium',
  icon,
  iconAfter,
  keys,
  isBusy = false,
  disabledReason = null,
  type = 'button',
  onClick,
  ...rest
}: ButtonProps) => {
  const isOff = disabledReason !== null || isBusy
  const button = (
    <button
      {...rest}
      // eslint-disable-next-line react/button-has-type -- it is one of two literals
      type={type}
      className="button"
      data-variant={variant}
      data-size={size}
      data-busy={isBusy || undefined}
      aria-disabled={isOff || undefined}
      onClick={(event) => {
        if (isOff) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {isBusy ? <BusyRing /> : icon === undefined ? null : <Icon of={icon} size={14} />}
      {children}
      {iconAfter === undefined ? null : <Icon of={iconAfter} size={14} />}
      {keys === undefined ? null : <Kbd keys={keys} />}
    </button>
  )
  return disabledReason === null ? button : <Tooltip text={disabledReason}>{button}</Tooltip>
}

interface IconButtonProps extends NativeButton {
  readonly icon: LucideIcon
  /** Its name for those who do not see it, and its tooltip. */
  readonly label: string
  readonly keys?: string | undefined
  readonly size?: 'small' | 'medium' | 'large'
  readonly side?: 'top' | 'bottom' | 'left' | 'right'
  readonly children?: ReactNode
}

export const IconButton = ({
  icon,
  label,
  keys,
  size = 'small',
  side = 'bottom',
  children,
  ...rest
}: IconButtonProps) => (
  <Tooltip text={label} keys={keys} side={side}>
    <button {...rest} type="button" className="icon-button" data-size={size} aria-label={label}>
      <Icon of={icon} />
      {children}
    </button>
  </Tooltip>
)
