import { describe, expect, it } from 'vitest'
import { verbNames, verbs } from '../../shared/agent-verbs/verbs.ts'
import { inputSchemaOf, isReadOnly, mcpTools, verbOf } from './mcp-tools.ts'

const toolOf = (name: string) => {
  const tool = mcpTools.find((one) => one.name === name)
  if (!tool) throw new Error(`There is no tool ${name}.`)
  return tool
}
const propertiesOf = (name: string) => inputSchemaOf(toolOf(name)).properties as Record<string, Record<string, unknown>>

describe('the tools of MCP clients', () => {
  it('are few, and offer each verb once; lease renewal and the like too', () => {
    expect(mcpTools.length).toBeLessThanOrEqual(14)
    const offered = mcpTools.flatMap(({ actions }) => Object.values(actions))
    expect(offered.toSorted()).toEqual([...verbNames].toSorted())
  })

  it.each(mcpTools.map((tool) => [tool.name, tool] as const))('%s has a schema that models take', (_name, tool) => {
    const schema = inputSchemaOf(tool)
    expect(schema.type).toBe('object')
    // No alternatives at the top: neither the model's API nor every client takes them there.
    expect(Object.keys(schema).filter((key) => ['anyOf', 'oneOf', 'allOf', '$ref', '$schema'].includes(key))).toEqual(
      [],
    )
    expect(schema.required ?? []).toEqual((schema.required ?? []).filter((key) => key in schema.properties))
    expect(tool.description.length).toBeLessThan(1500)
    expect(tool.name).toMatch(/^[a-z_]{3,20}$/)
  })

  it('tell by which action a field is used, and where it is needed', () => {
    expect(propertiesOf('tasks')['action']).toEqual({ type: 'string', enum: Object.keys(toolOf('tasks').actions) })
    expect(propertiesOf('tasks')['on']?.['description']).toMatch(/^For depend \(needed\)\. /)
    expect(propertiesOf('tasks')['title']?.['description']).toMatch(/^For create \(needed\), update\. /)
    expect(propertiesOf('give_up_task')['to']?.['description']).toBe('For release.')
    expect(propertiesOf('claim_task')['task']?.['description']).not.toMatch(/^For/)
  })

  it('offer either where two actions mean different things by one word', () => {
    const { anyOf } = propertiesOf('tasks')['kind'] as { anyOf: { enum?: string[] }[] }
    expect(anyOf.flatMap((schema) => schema.enum ?? [])).toEqual(expect.arrayContaining(['bug', 'blocks']))
  })

  it('say which only look', () => {
    expect(mcpTools.filter(isReadOnly).map(({ name }) => name)).toEqual(['brief', 'peers', 'status'])
  })
})

describe('a call of a tool', () => {
  it('of one verb is that verb', () => {
    expect(verbOf(toolOf('claim_task'), { task: 'APP-1' })).toEqual({ name: 'claim', input: { task: 'APP-1' } })
  })

  it('names its action, which is no input of the verb', () => {
    expect(verbOf(toolOf('lease'), { action: 'acquire', targets: ['a'] })).toEqual({
      name: 'lease.acquire',
      input: { targets: ['a'] },
    })
  })

  it.each([[{}], [{ action: 'drop' }], [{ action: ['ready'] }], [{ action: 'toString' }], [{ action: '' }]])(
    'without a known action is none: %j',
    (args) => {
      expect(verbOf(toolOf('tasks'), args)).toBeNull()
    },
  )

  it('drops the fields of other actions that a model filled with null, and keeps those it meant', () => {
    const call = verbOf(toolOf('tasks'), { action: 'depend', on: 'APP-2', task: null, title: null, label: 'x' })
    expect(call?.input).toEqual({ on: 'APP-2', task: null, label: 'x' })
    expect(verbs['tasks.depend'].input.safeParse(call?.input).error?.issues[0]?.code).toBe('unrecognized_keys')
  })
})
