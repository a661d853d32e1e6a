import { app, dialog } from 'electron'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseHostOptions } from './hosts/common/host-options.ts'
import { startProblem } from './hosts/common/start-problem.ts'
import { registerAppScheme, runDesktopHost } from './hosts/desktop/run-desktop-host.ts'

// The desktop host: the backend in Electron's main process, and the page in a window.

registerAppScheme()
// Every renderer is sandboxed, whatever a window's own options say.
app.enableSandbox()

const root = join(import.meta.dirname, '..', '..')

app
  .whenReady()
  .then(() =>
    runDesktopHost({
      // A packaged app has no script in front of its arguments.
      options: parseHostOptions(process.argv.slice(app.isPackaged ? 1 : 2)),
      version: app.getVersion(),
      home: homedir(),
      environment: process.env,
      rendererDir: join(root, 'dist', 'renderer'),
      preload: join(import.meta.dirname, 'preload.js'),
      entries: {
        ptyHost: join(import.meta.dirname, 'pty-host.js'),
        cli: join(import.meta.dirname, 'cli.js'),
        resources: join(root, 'resources'),
      },
    }),
  )
  .catch((error: unknown) => {
    dialog.showErrorBox('Switchyard could not start', startProblem(error))
    app.exit(1)
  })
