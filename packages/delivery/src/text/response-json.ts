import type { HttpResponse } from '../deliver/outcome.ts'

/** The body of a response as JSON; undefined for any other body (HTML, cut off, empty). Never throws. */
export function jsonOf(response: Pick<HttpResponse, 'body'>): unknown {
  return parseJson(response.body)
}

/** A text as JSON; undefined for any other text. Never throws. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A member of a JSON object; undefined when the value is no object or has no such own member. */
export function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Record<string, unknown>)[key]
}

/** The items of a JSON array; empty for any other value. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** True for a JSON string. */
export function isString(value: unknown): value is string {
  return typeof value === 'string'
}
