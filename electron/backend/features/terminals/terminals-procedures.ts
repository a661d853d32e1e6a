import { answer, procedures } from '../../kernel/procedures.ts'
import type { TerminalsService } from './terminals-service.ts'

const { terminals: contract } = procedures

export const createTerminalsProcedures = (terminals: TerminalsService) => ({
  attach: contract.attach.handler(({ input, signal }) => terminals.attach(input, signal)),
  acknowledge: contract.acknowledge.handler(({ input }) => terminals.pty.acknowledge(input.viewerId, input.units)),
  focus: contract.focus.handler(({ input }) => terminals.pty.focus(input.windowId, input.terminalId)),
  write: contract.write.handler(async ({ input, errors }) => answer(await terminals.write(input), errors)),
  resize: contract.resize.handler(({ input }) => terminals.pty.resize(input.terminalId, input.cols, input.rows)),
  setPalette: contract.setPalette.handler(({ input }) => terminals.pty.setPalette(input)),
  close: contract.close.handler(async ({ input, errors }) => answer(await terminals.close(input.terminalId), errors)),
  text: contract.text.handler(async ({ input }) => ({ text: await terminals.text(input.terminalId) })),
  signals: contract.signals.handler(({ signal }) => terminals.signals(signal)),
})
