import type { HttpResponse } from '../deliver/outcome.ts'

/** The answer's body as JSON; undefined when it is none (HTML, cut off, empty). Never throws. */
export function jsonOf(response: Pick<HttpResponse, 'body'>): unknown {
  return parseJson(response.body)
}

/** A text as JSON; undefined when it is none. Never throws. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A member of a JSON object; undefined for anything that is no object or has no such member of its own. */
export function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Record<string, unknown>)[key]
}

/** A JSON array's items; none for anything else. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** True for a JSON string. */
export function isString(value: unknown): value is string {
  return typeof value === 'string'
}
