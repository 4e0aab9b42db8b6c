export { durationClassCount, durationClassOf, noDurations, percentileOf } from './duration-classes.ts'
