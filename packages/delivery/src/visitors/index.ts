export { sampleVisitor } from './sample-visitor.ts'
export { journeyMax, recentEventsMax, type VisitorProfile } from './visitor-profile.ts'
