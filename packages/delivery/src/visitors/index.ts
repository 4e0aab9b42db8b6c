export { journeyMax, recentEventsMax, sampleVisitor, type VisitorProfile } from './visitor-profile.ts'
export { problemsOfVisitor, traitsJson } from './visitor-problems.ts'
