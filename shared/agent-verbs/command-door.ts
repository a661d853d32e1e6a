/** In the data folder, readable by its owner alone: the token that is the person's own, new at each start of the app. */
export const commandTokenName = 'command-token'

/** Below the data folder: where the gateway listens. */
export const gatewayFileParts = ['sessions', 'gateway'] as const

/** With the person's token: the folder that is asked from, in base64url, since folders have any name. */
export const folderHeader = 'switchyard-folder'
/** And the number of the process that would hold a task. */
export const processHeader = 'switchyard-process'

/** Set in every answer of the process that keeps the gateway's port while the app is away: nothing was heard or done. */
export const awayHeader = 'switchyard-away'
