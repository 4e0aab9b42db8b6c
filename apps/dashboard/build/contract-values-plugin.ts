import * as deliveryFilters from '@ghostpost/delivery/contract/delivery-filters'
import * as destinationTypes from '@ghostpost/delivery/contract/destination-types'
import type { Plugin } from 'vite'

const modules: Readonly<Record<string, object>> = {
  '/delivery/src/contract/delivery-filters.ts': deliveryFilters,
  '/delivery/src/contract/destination-types.ts': destinationTypes,
}

/**
 * Replaces modules of the contract by their values. The browser gets them as JSON, and not the rules that they import.
 */
export function contractValuesPlugin(): Plugin {
  return {
    name: 'contract-values',
    enforce: 'pre',
    load(id) {
      const values = Object.entries(modules).find(([path]) => id.endsWith(path))?.[1]
      if (values === undefined) return null
      return Object.entries(values)
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)}`)
        .join('\n')
    },
  }
}
