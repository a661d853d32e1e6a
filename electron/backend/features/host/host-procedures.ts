import { answer, procedures } from '../../kernel/procedures.ts'
import type { HostService } from './host-service.ts'

export const createHostProcedures = (host: HostService) => ({
  info: procedures.host.info.handler(() => host.info()),
  pickFolder: procedures.host.pickFolder.handler(async ({ errors }) => answer(await host.pickFolder(), errors)),
  listFolders: procedures.host.listFolders.handler(async ({ input, errors }) =>
    answer(await host.listFolders(input.path), errors),
  ),
  openInEditor: procedures.host.openInEditor.handler(async ({ input, errors }) =>
    answer(await host.openInEditor(input.path, input.line), errors),
  ),
  quit: procedures.host.quit.handler(({ input }) => host.quit(input.stopAll)),
})
