import { Type, type Static } from 'typebox'
import { fieldPolicies } from '../destinations/destination-options.ts'
import { dateForms, messageLanguages } from '../destinations/mapping/mapping.ts'
import { lineOfText } from './plain-text.ts'
import { visitorIdPattern } from './visitor-record.ts'

/** The mapping of a saved destination, and the preview of an export. */

const scalar = (description: string) =>
  Type.Union([Type.String({ maxLength: 1_000 }), Type.Number(), Type.Boolean()], { description })
const path = Type.String({ minLength: 1, maxLength: 220 })

const mappedField = Type.Object(
  {
    to: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 260,
        description:
          'The receiver’s name of the field. In a message: its label, by default that of the path.',
      }),
    ),
    from: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 220,
        description: 'A path of the profile, or `traits.<name>`.',
      }),
    ),
    join: Type.Optional(
      Type.Array(path, { minItems: 1, maxItems: 10, description: 'Paths whose known values make one text.' }),
    ),
    separator: Type.Optional(
      Type.String({ maxLength: 10, description: 'Between the joined values; a space by default.' }),
    ),
    value: Type.Optional(scalar('A constant.')),
    lower: Type.Optional(Type.Boolean({ description: 'Write the text in lower case.' })),
    date: Type.Optional(
      Type.Enum([...dateForms], {
        description:
          'For times. iso (default): 2026-03-10T17:14:22.000Z; date: 2026-03-10; unix: seconds; unix_ms.',
      }),
    ),
    default: Type.Optional(scalar('In place of an unknown value.')),
    when: Type.Optional(
      Type.Enum([...fieldPolicies], {
        description:
          'In a CRM. always: with every export. create: when the record is created. empty: then, and later while ' +
          'the field is empty. By default that of the field in `options.fields`, else always.',
      }),
    ),
  },
  { additionalProperties: false, description: 'It has exactly one of `from`, `join` and `value`.' },
)

export const mapping = Type.Object(
  {
    fields: Type.Optional(Type.Array(mappedField, { minItems: 1, maxItems: 100 })),
    documented_fields: Type.Optional(
      Type.Boolean({
        description: 'Send the documented fields, too. By default in a CRM, and not elsewhere.',
      }),
    ),
    title: Type.Optional(
      lineOfText({ minLength: 1, maxLength: 256, description: 'The title of a message.' }),
    ),
    language: Type.Optional(
      Type.Enum([...messageLanguages], {
        description: 'The language of the labels of a message; en by default.',
      }),
    ),
    profile_link: Type.Optional(
      Type.Boolean({ description: 'Add a link to the profile to a message. Not by default.' }),
    ),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    description:
      'Which fields of the profile are sent, and under which names. Without a mapping the documented payload is sent.',
  },
)
/** Null removes the mapping: the destination sends the documented payload again. */
export const mappingOrNull = Type.Union([mapping, Type.Null()])
/** What to preview: a visitor, or the marked sample. */
export const PreviewBody = Type.Object(
  {
    ghost_vid: Type.Optional(
      Type.String({ pattern: visitorIdPattern, description: 'A visitor of the site; a sample by default.' }),
    ),
    mapping: Type.Optional(
      Type.Union([mapping, Type.Null()], {
        description: 'Preview this mapping in place of the saved one; null for the documented payload.',
      }),
    ),
    include_journey: Type.Optional(Type.Boolean({ default: true })),
    include_events: Type.Optional(Type.Boolean({ default: true })),
  },
  { additionalProperties: false },
)

const anyValue = Type.Unknown({ description: 'Null for no value.' })

export const DestinationPreview = Type.Object({
  request: Type.Object(
    {
      method: Type.String(),
      url: Type.String({ description: 'The path is shown where it is no secret.' }),
      headers: Type.Record(Type.String(), Type.String(), {
        description: 'Secrets are masked. Ids, times and signatures of an attempt are not part of a preview.',
      }),
      body: Type.String({ description: 'The exact body.' }),
    },
    { description: 'The first request of an export.' },
  ),
  message: Type.Union(
    [
      Type.Object({
        title: Type.String(),
        text: Type.String(),
        fields: Type.Array(Type.Object({ label: Type.String(), value: Type.String() })),
        link: Type.Union([Type.String(), Type.Null()]),
      }),
      Type.Null(),
    ],
    { description: 'The message as the tool shows it; null where the payload is no message.' },
  ),
  record: Type.Union(
    [
      Type.Object({
        state: Type.Enum(['absent', 'present', 'unread']),
        type: Type.Union([Type.String(), Type.Null()]),
        id: Type.Union([Type.String(), Type.Null()]),
        link: Type.Union([Type.String(), Type.Null()]),
        because: Type.Union([Type.String(), Type.Null()], { description: 'Why the record is unread.' }),
      }),
      Type.Null(),
    ],
    { description: 'The record in the CRM; null where the destination writes no records.' },
  ),
  fields: Type.Array(
    Type.Object({
      field: Type.String(),
      when: Type.Enum([...fieldPolicies]),
      current: anyValue,
      value: anyValue,
      result: anyValue,
      changes: Type.Boolean(),
    }),
    { description: 'The fields of the record: the value now, the export’s, and the one after the export.' },
  ),
  problems: Type.Array(Type.Object({ field: Type.String(), expected: Type.String() }), {
    description: 'What is wrong with the mapping in the CRM.',
  }),
})

export type DestinationPreview = Static<typeof DestinationPreview>
export type PreviewBody = Static<typeof PreviewBody>
