import type { DestinationChanges } from '@ghostpost/delivery/contract/destination'

type Mapping = DestinationChanges['mapping'] & object

export type ParsedMapping = { mapping: Mapping | null } | { problem: string }

/** Parses the text of a mapping. The API checks what it contains. */
export function parseMapping(text: string): ParsedMapping {
  if (text.trim() === '') return { mapping: null }
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? { mapping: value } : { problem: 'Write a JSON object, as {"fields": […]}.' }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'This is no JSON.' }
  }
}
