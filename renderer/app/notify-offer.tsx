import { Bell, BellOff } from 'lucide-react'
import { useState } from 'react'
import { testId } from '../lib/test-ids.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'

type Permission = NotificationPermission | 'unsupported'

const permissionNow = (): Permission => (typeof Notification === 'undefined' ? 'unsupported' : Notification.permission)

/** Offers notifications, once and quietly: they are off until the person agrees. */
export const NotifyOffer = ({ isQuiet }: { readonly isQuiet: boolean }) => {
  const [permission, setPermission] = useState(permissionNow)
  if (permission === 'unsupported' || (isQuiet && permission === 'default')) return null
  return (
    <div className="notify-offer" data-testid={testId.notifyOffer} data-permission={permission}>
      <Icon of={permission === 'denied' ? BellOff : Bell} size={14} />
      <span className="grow">{texts[permission]}</span>
      {permission === 'default' ? (
        <Button size="small" variant="ghost" onClick={() => void Notification.requestPermission().then(setPermission)}>
          Notify me
        </Button>
      ) : null}
    </div>
  )
}

const texts: Readonly<Record<NotificationPermission, string>> = {
  granted: 'Notifies only while Switchyard is in the background',
  default: 'Be told when an agent needs you while Switchyard is in the background',
  denied: 'Notifications are blocked for this page in the browser’s settings',
}
