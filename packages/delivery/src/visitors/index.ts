export { journeyMax, recentEventsMax, sampleVisitor, type VisitorProfile } from './visitor-profile.ts'
