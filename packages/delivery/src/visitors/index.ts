export { mergeFields, mergeSaid, type SaidFields, type TimedFields, type TimedValue } from './merge-fields.ts'
export { isRecord, recordOf, type JsonRecord } from './read-json.ts'
export {
  messageIdOf,
  messagesOf,
  readSegmentMessage,
  type MessageIds,
  type ReadMessage,
  type SaidEvent,
} from './segment-message.ts'
export { journeyMax, recentEventsMax, sampleVisitor, type VisitorProfile } from './visitor-profile.ts'
export { problemsOfVisitor, traitsFit, traitsJson } from './visitor-problems.ts'
