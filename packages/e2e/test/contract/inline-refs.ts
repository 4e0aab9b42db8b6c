type Json = Record<string, unknown>

/** The paths of an OpenAPI document with each reference replaced by the schema that it names. */
export function inlinePaths(document: Json): unknown {
  const { schemas = {} } = (document['components'] ?? {}) as { schemas?: Json }
  const inline = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(inline)
    if (typeof node !== 'object' || node === null) return node
    const { $ref } = node as { $ref?: unknown }
    if (typeof $ref === 'string') return inline(withoutExamples(schemas[$ref.split('/').at(-1) ?? '']))
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, inline(value)]))
  }
  return inline(document['paths'])
}

function withoutExamples(schema: unknown): unknown {
  const { examples: _, ...rest } = (schema ?? {}) as Json
  return rest
}
