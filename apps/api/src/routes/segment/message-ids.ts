import { createHash } from 'node:crypto'
import { visitorIdPattern } from '@ghostpost/delivery/contract/visitor-record'
import type { MessageIds } from '@ghostpost/delivery/visitors'

const ownId = new RegExp(visitorIdPattern)

/**
 * The same visitor for the same id. An e-mail address gives the id that `ghostpost visitors import --id-from` makes of
 * it.
 */
export const messageIds: MessageIds = {
  vidOf: (kind, id) => {
    if (ownId.test(id)) return id
    if (kind === 'anonymous') return vidFrom(`anonymous ${id}`)
    return vidFrom(id.includes('@') ? id.trim().toLowerCase() : id)
  },
  idOf: (message) => digestOf(JSON.stringify(message)),
}

function vidFrom(text: string): string {
  return `gv_${digestOf(text)}`
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 32)
}
