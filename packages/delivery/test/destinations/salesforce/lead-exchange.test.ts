import { describe, expect, test } from 'vitest'
import { salesforceUpsert } from '../../../src/destinations/salesforce/salesforce-upsert.ts'
import type { DestinationOptions } from '../../../src/destinations/destination-options.ts'
import type { VisitorProfile } from '../../../src/visitors/visitor-profile.ts'
import { documentedVisitor } from '../../visitors/visitor-factory.ts'
import { playExchange, type PlayedExchange, type Respond } from '../play-exchange.ts'
import { brief } from '../response-factory.ts'

const receiverUrl = new URL('https://ghost.my.salesforce.com/services/data/v66.0/sobjects/Lead')
const leadPath = '/services/data/v66.0/sobjects/Lead/Ghost_Visitor_ID__c/gv_1'
const leadId = '00Q000000000001AAA'
const contactId = '003000000000001AAA'

function play(
  respond: Respond,
  visitor: Partial<VisitorProfile> = {},
  options: DestinationOptions = {},
): PlayedExchange {
  const destination = salesforceUpsert(
    { kind: 'client_credentials', client_id: 'a', client_secret: 'b' },
    options,
  )
  return playExchange(destination, receiverUrl, documentedVisitor({ ghostVid: 'gv_1', ...visitor }), respond)
}

const errors = (errorCode: string, message = 'x', fields: string[] = [], more: object = {}) => [
  { errorCode, message, fields, ...more },
]
const written = (created: boolean) => ({ id: leadId, success: true, errors: [], created })
const missing = errors('REQUIRED_FIELD_MISSING', 'Required', ['LastName', 'Company'])

/** Salesforce with one Lead or none; `refuse` refuses writes of Leads. */
function organisation(lead: Record<string, unknown> | null, refuse: Respond = () => [0]): Respond {
  let stored = lead
  return (line, body) => {
    const [status, refusal] = refuse(line, body)
    if (status !== 0) return [status, refusal]
    if (line.startsWith('GET')) return stored === null ? [404, errors('NOT_FOUND')] : [200, stored]
    if (stored === null && body['LastName'] === undefined) return [400, missing]
    const isNew = stored === null
    stored = Object.assign(stored ?? { Id: leadId }, body)
    return isNew ? [201, written(true)] : [200, written(false)]
  }
}

describe('an existing Lead', () => {
  const entered = {
    Id: leadId,
    FirstName: 'Ann',
    LastName: 'Lee-Smith',
    Company: 'Acme Holding GmbH',
    LeadSource: 'Trade Show',
    City: 'Berlin',
    Country: 'Germany',
  }

  test('keeps the values that people entered', () => {
    const lead = { ...entered }
    const { verdict } = play(organisation(lead), { name: 'Ann Lee', company: 'acme' })
    expect(lead).toEqual({
      ...entered,
      Email: 'jane@example.com',
      Ghost_Score__c: 65,
      Ghost_Sessions__c: 3,
      Ghost_Pageviews__c: 11,
    })
    expect(brief(verdict)).toBe(`delivered ${leadId}`)
  })

  test('gets the values of its empty fields, and a name in place of our placeholder', () => {
    const lead = {
      ...entered,
      LastName: 'Unknown (gv_1)',
      FirstName: null,
      Company: '[not provided]',
      City: '',
    }
    play(organisation(lead), { name: 'Ann Lee', company: 'acme', city: 'Austin' })
    expect(lead).toMatchObject({
      FirstName: 'Ann',
      LastName: 'Lee',
      Company: 'acme',
      City: 'Austin',
      Country: 'Germany',
    })
  })

  test('is written as the policies of its fields say', () => {
    const lead = { ...entered, City: null, LeadSource: null }
    const fields = { Company: 'always', City: 'create' } as const
    play(organisation(lead), { company: 'acme' }, { fields })
    expect(lead).toMatchObject({ Company: 'acme', City: null, LeadSource: 'GHOST Visitor Intelligence' })
  })

  test('is delivered although the reading of its fields fails', () => {
    const refuse: Respond = (line) => (line.startsWith('GET') ? [500, ''] : [0])
    expect(brief(play(organisation({ ...entered }, refuse)).verdict)).toBe(`delivered ${leadId}`)
  })

  test('is named with its type, id and page', () => {
    const { verdict } = play(organisation({ ...entered }))
    expect(verdict).toMatchObject({
      record: {
        type: 'Lead',
        id: leadId,
        link: `https://ghost.my.salesforce.com/lightning/r/Lead/${leadId}/view`,
      },
    })
  })
})

describe('a value that Salesforce refuses', () => {
  const refuseValue =
    (field: string, code: string, named = [field], message = 'x'): Respond =>
    (_line, body) =>
      Object.hasOwn(body, field) ? [400, errors(code, message, named)] : [0]

  test.each<[string, string]>([
    ['Email', 'INVALID_EMAIL_ADDRESS'],
    ['Country', 'FIELD_INTEGRITY_EXCEPTION'],
    ['LeadSource', 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST'],
    ['City', 'STRING_TOO_LONG'],
    ['Ghost_Score__c', 'INVALID_FIELD_FOR_INSERT_UPDATE'],
    ['Ghost_Sessions__c', 'NUMBER_OUTSIDE_VALID_RANGE'],
  ])('%s (%s) is left out of the same attempt', (field, code) => {
    const { verdict, omitted, requests } = play(organisation(null, refuseValue(field, code)))
    expect(brief(verdict)).toBe(`delivered ${leadId}`)
    expect(omitted).toEqual([`${field} ${code}`])
    expect(requests.at(-1)?.body).not.toContain(`"${field}"`)
  })

  test.each<[string, string, string]>([
    [
      'Country',
      'FIELD_INTEGRITY_EXCEPTION',
      "There's a problem with this country, even though it may appear correct.",
    ],
    [
      'Country',
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      'Country: bad value for restricted picklist field: X',
    ],
    ['Email', 'INVALID_EMAIL_ADDRESS', 'invalid email address: x'],
    [
      'Ghost_Score__c',
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      'Unable to create/update fields: Ghost_Score__c. Please check',
    ],
  ])('%s is found in the message of %s', (field, code, message) => {
    expect(brief(play(organisation(null, refuseValue(field, code, [], message))).verdict)).toBe(
      `delivered ${leadId}`,
    )
  })

  test('that the response does not name is reported', () => {
    const { verdict } = play(organisation(null, () => [400, errors('STRING_TOO_LONG')]))
    expect(brief(verdict)).toBe('give_up salesforce_text_too_long')
  })

  test('is cut where a new Lead needs it', () => {
    const refuse: Respond = (_line, body) =>
      JSON.stringify(body['LastName'] ?? '').length > 12
        ? [400, errors('STRING_TOO_LONG', 'Last Name: data value too large: x (max length=10)', ['LastName'])]
        : [0]
    const { verdict, requests } = play(organisation(null, refuse), { name: 'Featherstonehaugh' })
    expect([brief(verdict), JSON.parse(requests.at(-1)?.body ?? '')]).toMatchObject([
      `delivered ${leadId}`,
      { LastName: 'Feathersto' },
    ])
  })
})

describe('a converted Lead', () => {
  const refuse: Respond = (line, body) => {
    if (line.startsWith('GET')) return [200, { Id: leadId, IsConverted: true, ConvertedContactId: contactId }]
    if (line.includes('/Contact/')) {
      return Object.hasOwn(body, 'Ghost_Score__c')
        ? [400, errors('INVALID_FIELD', "No such column 'Ghost_Score__c' on sobject of type Contact")]
        : [204]
    }
    return [400, errors('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead')]
  }

  test('leads to its Contact, which gets the fields that it has', () => {
    const { verdict, lines, omitted } = play(refuse)
    expect(lines.at(-1)).toBe(`PATCH /services/data/v66.0/sobjects/Contact/${contactId}`)
    expect(omitted).toEqual(['Ghost_Score__c INVALID_FIELD'])
    expect(verdict).toMatchObject({ decision: 'delivered', record: { type: 'Contact', id: contactId } })
  })

  test('is skipped if the destination says so', () => {
    const { verdict, lines } = play(refuse, {}, { on_converted: 'skip' })
    expect([lines, verdict]).toMatchObject([[`PATCH ${leadPath}`], { isSkip: true }])
  })

  test('whose Contact the user may not see is reported', () => {
    const hidden: Respond = (line, body) =>
      line.startsWith('GET') ? [404, errors('NOT_FOUND')] : refuse(line, body)
    expect(brief(play(hidden).verdict)).toBe('give_up salesforce_lead_converted')
  })

  test('whose Contact was deleted is reported', () => {
    const deleted: Respond = (line, body) =>
      line.includes('/Contact/') ? [404, errors('ENTITY_IS_DELETED')] : refuse(line, body)
    expect(brief(play(deleted).verdict)).toBe('give_up salesforce_record_deleted')
  })
})

describe('a duplicate', () => {
  const rule = (...ids: string[]) =>
    errors('DUPLICATES_DETECTED', 'Use one of these records?', [], {
      duplicateResult: { matchResults: [{ matchRecords: ids.map((Id) => ({ record: { Id } })) }] },
    })

  test.each([
    ['a duplicate rule names one Lead', 400, rule(leadId), `Lead/${leadId}`],
    ['a duplicate rule names one Contact', 400, rule(contactId), `Contact/${contactId}`],
    [
      'another Lead has the visitor id',
      400,
      errors('DUPLICATE_VALUE', `duplicate value found: x duplicates value on record with id: ${leadId}`),
      `Lead/${leadId}`,
    ],
    ['one Lead matches', 300, [`/services/data/v66.0/sobjects/Lead/${leadId}`], `Lead/${leadId}`],
  ])('is updated if %s', (_name, status, body, path) => {
    const respond: Respond = (line) => (line.endsWith(path) ? [204] : [status, body])
    const { verdict, lines } = play(respond)
    expect(lines.at(-1)).toBe(`PATCH /services/data/v66.0/sobjects/${path}`)
    expect(verdict).toMatchObject({ decision: 'delivered', record: { id: path.split('/')[1] } })
  })

  test('among several is reported', () => {
    const { verdict, lines } = play(() => [400, rule(leadId, '00Q000000000002AAA')])
    expect([lines.length, brief(verdict)]).toEqual([1, 'give_up salesforce_duplicate_rule'])
  })
})

test('a deleted Lead is created again', () => {
  const { verdict, lines, requests } = play((line) =>
    line.startsWith('POST') ? [201, written(true)] : [404, errors('ENTITY_IS_DELETED', 'entity is deleted')],
  )
  expect([lines.at(-1), brief(verdict)]).toEqual([
    'POST /services/data/v66.0/sobjects/Lead',
    `delivered ${leadId}`,
  ])
  expect(JSON.parse(requests.at(-1)?.body ?? '')).toMatchObject({
    Ghost_Visitor_ID__c: 'gv_1',
    LastName: 'jane',
  })
})

describe('a visitor id with capital letters', () => {
  const notFound: Respond = (line) =>
    line.startsWith('GET') ? [404, errors('NOT_FOUND')] : [200, written(false)]
  const idOf = (ghostVid: string): string => play(notFound, { ghostVid }).lines[1]?.split('/').at(-1) ?? ''

  test('differs from every other id where the field ignores case, too', () => {
    const ids = ['gv_Case_1', 'gv_cASE_1', 'gv_CASE_1'].map((id) => idOf(id).toLowerCase())
    expect(new Set(ids).size).toBe(3)
    expect(idOf('gv_Case_1')).toBe('gv_Case_1~8')
  })

  test('stays that of a Lead which has it in these letters', () => {
    const respond: Respond = (line) =>
      line.startsWith('GET') ? [200, { Ghost_Visitor_ID__c: 'gv_Case_1' }] : [200, written(false)]
    expect(play(respond, { ghostVid: 'gv_Case_1' }).lines[1]).toMatch(/\/gv_Case_1$/)
  })
})
