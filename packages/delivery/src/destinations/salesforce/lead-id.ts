/**
 * The external id of a visitor's Lead. Visitor ids are case-sensitive. Salesforce's text fields compare without case,
 * unless the field was made "unique, case sensitive", so two ids that differ in case alone would share one Lead. An id
 * with capital letters therefore gets a suffix that says which ones they are: `gv_Case_1~8`.
 */
export function leadIdOf(ghostVid: string): string {
  if (!hasCapitals(ghostVid)) return ghostVid
  let capitals = 0n
  for (const { index } of ghostVid.matchAll(/[A-Z]/g)) capitals |= 1n << BigInt(index)
  return `${ghostVid}${suffixMark}${capitals.toString(16)}`
}

/** No visitor id contains it. */
const suffixMark = '~'

export function hasCapitals(ghostVid: string): boolean {
  return /[A-Z]/.test(ghostVid)
}
