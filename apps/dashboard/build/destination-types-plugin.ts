import * as destinationTypes from '@ghostpost/delivery/contract/destination-types'
import type { Plugin } from 'vite'

/**
 * Replaces the module of the destination types by its values. The browser gets the traits as JSON, and not the rules
 * that the registry imports.
 */
export function destinationTypesPlugin(): Plugin {
  return {
    name: 'destination-types',
    enforce: 'pre',
    load(id) {
      if (!id.endsWith('/delivery/src/contract/destination-types.ts')) return null
      return Object.entries(destinationTypes)
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)}`)
        .join('\n')
    },
  }
}
