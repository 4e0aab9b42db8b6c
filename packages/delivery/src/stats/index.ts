export {
  durationBucketCount,
  durationBucketOf,
  emptyDurationCounts,
  percentileOf,
} from './duration-buckets.ts'
