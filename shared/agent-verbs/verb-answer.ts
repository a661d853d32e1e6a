import { z } from 'zod'

/**
 * What `POST /verb/<name>` answers, in JSON. The request's body is the verb's input; it carries the session's token
 * (`Authorization: Bearer …`) and may carry `Idempotency-Key`: a repeat with the same key gets the first one's answer.
 */
export const verbAnswerSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.record(z.string(), z.unknown()) }),
  z.object({
    ok: z.literal(false),
    /** `message` says what happened and what to do next. `current` is the row as it is, where that tells why. */
    refusal: z.object({
      code: z.string(),
      message: z.string(),
      current: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
])
export type VerbAnswer = z.infer<typeof verbAnswerSchema>

export const idempotencyHeader = 'idempotency-key'

/** As every command with a request id takes them: 8 to 64 characters. */
export const idempotencyKeySchema = z
  .string()
  .min(8)
  .max(64)
  .regex(/^[\w:.-]+$/)
