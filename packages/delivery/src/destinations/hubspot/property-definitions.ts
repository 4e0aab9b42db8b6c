export interface PropertyDefinition {
  name: string
  label: string
  type: 'string' | 'number' | 'datetime'
  fieldType: 'text' | 'number' | 'date'
  hasUniqueValue?: true
}

/** The contact properties that we use and HubSpot does not define. */
export const hubspotProperties: readonly PropertyDefinition[] = [
  {
    name: 'ghost_visitor_id',
    label: 'Ghost visitor id',
    type: 'string',
    fieldType: 'text',
    hasUniqueValue: true,
  },
  { name: 'ghost_source', label: 'Ghost source', type: 'string', fieldType: 'text' },
  { name: 'ghost_score', label: 'Ghost score', type: 'number', fieldType: 'number' },
  { name: 'ghost_sessions', label: 'Ghost sessions', type: 'number', fieldType: 'number' },
  { name: 'ghost_pageviews', label: 'Ghost page views', type: 'number', fieldType: 'number' },
  { name: 'ghost_first_seen', label: 'Ghost first seen', type: 'datetime', fieldType: 'date' },
  { name: 'ghost_last_seen', label: 'Ghost last seen', type: 'datetime', fieldType: 'date' },
]
