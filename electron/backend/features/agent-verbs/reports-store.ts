import type { Report } from '../../../../shared/contract/agent-verbs.ts'
import type { ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import type { Tx } from '../../db/tx.ts'

interface Row {
  readonly session_id: SessionId
  readonly project_id: ProjectId
  readonly text: string
  readonly at: number
}

const reportFrom = (row: Row): Report => ({
  sessionId: row.session_id,
  projectId: row.project_id,
  text: row.text,
  at: row.at,
})

/** The newest word of each session. */
export const listReports = async (tx: Tx): Promise<Report[]> =>
  (await tx.all<Row>('SELECT session_id, project_id, text, at FROM reports ORDER BY at, session_id')).map(reportFrom)

export const putReport = async (tx: Tx, report: Report): Promise<void> => {
  await tx.run(
    `INSERT INTO reports (session_id, project_id, text, at) VALUES (?, ?, ?, ?)
     ON CONFLICT (session_id) DO UPDATE SET text = excluded.text, at = excluded.at`,
    report.sessionId,
    report.projectId,
    report.text,
    report.at,
  )
}

export const removeReportsOf = async (tx: Tx, projectId: ProjectId): Promise<void> => {
  await tx.run('DELETE FROM reports WHERE project_id = ?', projectId)
}
