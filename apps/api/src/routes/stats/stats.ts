import { budgetKeyOf } from '@ghostpost/delivery/receivers'
import {
  DestinationStatsList,
  StatsQuery,
  StatsSiteQuery,
  StatsView,
} from '@ghostpost/delivery/contract/stats'
import { readDestinationStats, readStats as read } from '@ghostpost/infrastructure/database/stats'
import { listReaderFor } from '../../server/read-lists.ts'
import { healthOf } from '../receivers/receiver-health.ts'
import { siteIdInQuery, siteInQuery } from '../../server/site-of-request.ts'
import { defineRoute } from '../../server/route.ts'

export const readStats = defineRoute({
  method: 'GET',
  url: '/api/stats',
  access: { role: 'viewer', site: siteInQuery },
  summary: 'Count the attempts by result, with their durations, over time',
  description:
    'The workers add up the numbers every two seconds. For single deliveries use the delivery log.',
  tag: 'Deliveries',
  query: StatsQuery,
  responses: { 200: StatsView },
  errors: [400, 401, 403, 404],
  handle: async (context, request) => {
    const { destination_id, range } = request.query
    const statsQuery = {
      siteId: siteIdInQuery(request),
      destinationId: destination_id ?? null,
      range: range ?? '24h',
    }
    return listReaderFor(context, request, 'count')((database) => read(database, statsQuery, new Date()))
  },
})

export const listDestinationStats = defineRoute({
  method: 'GET',
  url: '/api/stats/destinations',
  access: { role: 'viewer', site: siteInQuery },
  summary: 'Read the last 24 hours and the current receiver health of each saved destination',
  tag: 'Destinations',
  query: StatsSiteQuery,
  responses: { 200: DestinationStatsList },
  errors: [400, 401, 403, 404],
  handle: async (context, request) => {
    const siteId = siteIdInQuery(request)
    const readCounts = listReaderFor(context, request, 'count')
    const destinationStats = await readCounts((database) =>
      readDestinationStats(database, siteId, new Date()),
    )
    const items = destinationStats.map(async ({ receiverHost, ...stats }) => {
      const key = budgetKeyOf({
        siteId,
        destinationId: stats.destination_id,
        receiverHost,
        webhookKey: null,
      })
      return { ...stats, health: healthOf(await context.budgets.read(key)) }
    })
    return { items: await Promise.all(items) }
  },
})
