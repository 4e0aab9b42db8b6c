import { Type, type Static } from 'typebox'
import { ErrorDetail } from './errors.ts'

/** `/v1/batch` and its siblings: the HTTP API of Segment, which RudderStack's clients use, too. */

/** The calls that say something about a visitor. */
export const segmentCalls = ['identify', 'track', 'page', 'screen'] as const
export type SegmentCall = (typeof segmentCalls)[number]

/** Most messages of one batch. */
export const messagesMax = 2_500
/** Most bytes of one message, and of a batch before and after it is decompressed. */
export const messageBytesMax = 32 * 1_024
export const messageBatchBytesMax = 1_024 * 1_024

const nullableText = Type.Union([Type.String(), Type.Null()])

const MessageResult = Type.Object({
  message: Type.Integer({ description: 'The number of the message, from 1.' }),
  message_id: nullableText,
  ghost_vid: nullableText,
  result: Type.Enum(['stored', 'suppressed', 'ignored', 'refused'], {
    description:
      '`stored`: also when nothing changed. `suppressed`: the visitor was erased. `ignored`: a call such as `group` ' +
      'or `alias`, which says nothing about a visitor. `refused`: `error` says why.',
  }),
  error: Type.Optional(
    Type.Object({ code: Type.String(), message: Type.String(), details: Type.Array(ErrorDetail) }),
  ),
})

export const SegmentResponse = Type.Object({
  success: Type.Literal(true),
  stored: Type.Integer(),
  suppressed: Type.Integer(),
  ignored: Type.Integer(),
  refused: Type.Integer(),
  results: Type.Array(MessageResult, { description: 'One per message, in the order of the messages.' }),
})

export type MessageResult = Static<typeof MessageResult>
export type SegmentResponse = Static<typeof SegmentResponse>
