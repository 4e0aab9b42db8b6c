import type { VisitorProfile } from './visitor-profile.ts'

const seenAt = new Date('2026-03-10T17:14:22.000Z')

/** The profile that a test of a destination sends. It is marked as a sample, so that nobody takes it for a lead. */
export const sampleVisitor: VisitorProfile = {
  ghostVid: 'gv_sample_ghostpost_test',
  score: 65,
  identifiedUserId: 'sample@example.com',
  name: 'Sample Visitor (Ghostpost test)',
  company: 'Ghostpost test',
  country: 'United States',
  city: 'Austin',
  deviceType: 'desktop',
  browser: 'Chrome',
  totalSessions: 1,
  totalPageviews: 2,
  totalTimeSeconds: 60,
  firstSeen: seenAt,
  lastSeen: seenAt,
  journey: [
    {
      sessionId: 'gs_sample',
      startedAt: new Date('2026-03-10T17:13:22.000Z'),
      endedAt: seenAt,
      pageviewCount: 2,
      entryPage: '/',
      exitPage: '/ghostpost-test',
      referrer: null,
    },
  ],
  recentEvents: [{ type: 'ghostpost_test', page: '/ghostpost-test', timestamp: seenAt }],
}
