/** What an agent's own files say of its team, in the words of no particular agent. */
export interface TeamReading {
  /** Null while it cannot be read who belongs to it. */
  readonly teammates: readonly ReadTeammate[] | null
  /** Null while there is no place for tasks. */
  readonly tasks: ReadTasks | null
  /** Those that lie unread; they are gone once they were read. */
  readonly messages: readonly ReadTeamMessage[]
}

export interface ReadTeammate {
  readonly name: string
  /** Which kind of helper it was made of. */
  readonly type: string
  readonly model: string | null
  readonly joinedAt: number
}

export interface ReadTasks {
  /** Every task that is there, also those that cannot be read yet, or are too many to be read. */
  readonly ids: readonly string[]
  readonly readable: readonly ReadTeamTask[]
}

export interface ReadTeamTask {
  readonly id: string
  readonly subject: string
  readonly state: 'pending' | 'in-progress' | 'completed'
  readonly owner: string | null
  readonly blockedBy: readonly string[]
}

export interface ReadTeamMessage {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly text: string
  readonly sentAt: number
}
