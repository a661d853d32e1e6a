import type { MenuItemConstructorOptions } from 'electron'

/**
 * The system's menu. It holds what the system expects of every app; the app's own commands live in the palette. Outside
 * macOS no key is taken here: Ctrl+C, Ctrl+W and their like belong to the focused terminal.
 */
export const menuTemplate = (platform: NodeJS.Platform, quitApp: () => void): MenuItemConstructorOptions[] => {
  const isMac = platform === 'darwin'
  const role = (name: NonNullable<MenuItemConstructorOptions['role']>): MenuItemConstructorOptions => ({
    role: name,
    registerAccelerator: isMac,
  })
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const quit: MenuItemConstructorOptions = {
    label: 'Quit (sessions go on)',
    click: quitApp,
    ...(isMac ? { accelerator: 'Command+Q' } : {}),
  }
  const app: MenuItemConstructorOptions = isMac
    ? { label: 'Switchyard', submenu: [role('about'), separator, role('hide'), role('hideOthers'), separator, quit] }
    : { label: 'File', submenu: [quit] }
  const edit = [role('undo'), role('redo'), separator, role('cut'), role('copy'), role('paste'), role('selectAll')]
  const view = [role('resetZoom'), role('zoomIn'), role('zoomOut'), separator, role('togglefullscreen')]
  return [
    app,
    { label: 'Edit', submenu: edit },
    { label: 'View', submenu: view },
    { label: 'Window', submenu: isMac ? [role('minimize'), role('zoom'), role('front')] : [role('minimize')] },
  ]
}
