/** Actions in the log's own words, as `Operation started`. */
export function tellAction(action: string): string {
  const [subject = '', verb = ''] = action.split('.')
  const words = `${subject} ${verb}`.replaceAll('_', ' ').replace('re exported', 're-exported').trim()
  return (words[0]?.toUpperCase() ?? '') + words.slice(1)
}

/** What was noted beside, as `fields: name, rate`. */
export function tellDetails(details: Readonly<Record<string, unknown>>): string {
  const said = Object.entries(details).filter(([, value]) => value !== null && value !== '')
  return said.map(([name, value]) => `${name.replaceAll('_', ' ')}: ${tellValue(value)}`).join(' · ')
}

function tellValue(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
