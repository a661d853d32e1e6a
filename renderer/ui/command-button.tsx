import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useCommand, useCommandRegistry } from '../lib/command-context.tsx'
import { isMac } from '../lib/platform.ts'
import { formatPress } from '../lib/shortcuts.ts'
import { Button, IconButton } from './button.tsx'

/** The key of a command as this keyboard names it; undefined when it has none. */
export const useCommandKeys = (id: string): string | undefined => {
  const press = useCommand(id)?.keys[0]?.press
  return press === undefined ? undefined : formatPress(press, isMac)
}

interface CommandButtonProps {
  readonly command: string
  readonly icon?: LucideIcon
  readonly variant?: 'default' | 'primary' | 'ghost'
  readonly size?: 'small' | 'medium' | 'large'
  readonly testId?: string
  /** Instead of the command's title. */
  readonly children?: ReactNode
}

/** A button that does what a command does, and shows its key. */
export const CommandButton = ({ command, icon, variant, size, testId, children }: CommandButtonProps) => {
  const registry = useCommandRegistry()
  const keys = useCommandKeys(command)
  const title = useCommand(command)?.title
  return (
    <Button
      {...(icon === undefined ? {} : { icon })}
      {...(variant === undefined ? {} : { variant })}
      {...(size === undefined ? {} : { size })}
      keys={keys}
      data-testid={testId}
      onClick={() => registry.run(command)}
    >
      {children ?? title}
    </Button>
  )
}

interface CommandIconButtonProps {
  readonly command: string
  readonly icon: LucideIcon
  readonly label?: string
  readonly size?: 'small' | 'medium' | 'large'
  readonly side?: 'top' | 'bottom' | 'left' | 'right'
  readonly testId?: string
}

export const CommandIconButton = ({
  command,
  icon,
  label,
  size = 'small',
  side = 'bottom',
  testId,
}: CommandIconButtonProps) => {
  const registry = useCommandRegistry()
  const keys = useCommandKeys(command)
  const title = useCommand(command)?.title ?? ''
  return (
    <IconButton
      icon={icon}
      label={label ?? title}
      keys={keys}
      size={size}
      side={side}
      data-testid={testId}
      onClick={() => registry.run(command)}
    />
  )
}
