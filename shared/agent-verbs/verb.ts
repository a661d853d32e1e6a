import { z } from 'zod'

/**
 * One thing an agent may ask for, the same over HTTP, MCP and the command. Who asks is known by the token it asks with and
 * is never part of the input.
 */
export interface Verb<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  /** `change`: writes, and its answer carries `seq`, the number of the event that recorded it. */
  readonly kind: 'read' | 'change'
  /** For agents: what it does and when to use it. The first sentence stands alone as a summary. */
  readonly description: string
  readonly input: Input
  readonly output: Output
  readonly command: CommandShape
  /**
   * What the command does while the app is away. A decision must fail there: nobody decided. A heartbeat or a note may be
   * kept and sent later.
   */
  readonly whileAway: 'fails' | 'spools'
}

export interface CommandShape {
  /** Inputs given by position, in order; the last one takes all the rest where it is a list. Everything else is a flag. */
  readonly positional: readonly string[]
  /** The input that is read from standard input when it is given as "-"; null where none may be long. */
  readonly fromStdin: string | null
}

type KeysOf<Shape> = readonly (keyof Shape & string)[]

interface Wish<Input extends z.ZodRawShape, Output extends z.ZodRawShape> {
  readonly description: string
  readonly input: Input
  readonly output: Output
  readonly positional?: KeysOf<Input>
  readonly fromStdin?: keyof Input & string
}

/** A verb that only looks. It never stands for a decision, and there is nothing to look at while the app is away. */
export const look = <Input extends z.ZodRawShape, Output extends z.ZodRawShape>(wish: Wish<Input, Output>) =>
  make(wish, { kind: 'read', whileAway: 'fails' }, z.object(wish.output))

/** A verb that decides something: only the app can. */
export const decide = <Input extends z.ZodRawShape, Output extends z.ZodRawShape>(wish: Wish<Input, Output>) =>
  make(wish, { kind: 'change', whileAway: 'fails' }, z.object({ ...wish.output, ...recorded }))

/** A verb that tells something which is as true a little later. */
export const tell = <Input extends z.ZodRawShape, Output extends z.ZodRawShape>(wish: Wish<Input, Output>) =>
  make(wish, { kind: 'change', whileAway: 'spools' }, z.object({ ...wish.output, ...recorded }))

const recorded = { seq: z.number().int().positive().describe('The number of the event that recorded it.') }

const make = <Input extends z.ZodRawShape, Output extends z.ZodObject>(
  { description, input, positional = [], fromStdin }: Omit<Wish<Input, z.ZodRawShape>, 'output'>,
  how: Pick<Verb, 'kind' | 'whileAway'>,
  output: Output,
) => ({
  ...how,
  description,
  // A word that no verb knows is a mistake worth telling: an agent that misspells a flag must not think it was heard.
  input: z.strictObject(input),
  output,
  command: { positional: positional as readonly string[], fromStdin: fromStdin ?? null },
})
