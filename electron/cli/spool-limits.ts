/** The backend repeats the answer to a request id for so long. */
export const answerKeptMs = 24 * 60 * 60 * 1000
/** An hour of heartbeats at one each twenty seconds; who spools more is not heard of for another reason. */
export const mostSpooled = 200
