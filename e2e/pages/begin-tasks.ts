import type { Yard } from '../fixtures/yard.ts'
import { FolderDialog } from './folder-dialog.ts'
import type { TasksRoom } from './tasks.ts'

/** A project of the test's own, with these tasks on its board. Its keys begin with the first letters of its name. */
export const beginTasks = async (
  tasks: TasksRoom,
  yard: Yard,
  name: string,
  { draft = [], open = [] }: Titles = {},
) => {
  await new FolderDialog(tasks.page).openFolder(yard.makeRepository(name))
  await tasks.open()
  if (open.length > 0) await tasks.write('Open', open)
  if (draft.length > 0) await tasks.write('Draft', draft)
}

interface Titles {
  readonly draft?: readonly string[]
  readonly open?: readonly string[]
}
