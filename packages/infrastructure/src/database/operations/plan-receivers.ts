import type { PlanView } from '@ghostpost/delivery/contract/operations'
import type { MemberGroup } from './count-members.ts'
import type { Database } from '../connection/open-database.ts'

const receiversMax = 20

/** Where a plan's members would go, the receivers with the most first. */
export async function findReceivers(
  { prisma }: Pick<Database, 'prisma'>,
  { destinationId }: { destinationId: string | null },
  groups: readonly MemberGroup[],
  matched: number,
): Promise<PlanView['by_receiver']> {
  const counts = destinationId === null ? countsOf(groups) : [{ destinationId, host: '', count: matched }]
  const top = counts.toSorted((a, b) => b.count - a.count).slice(0, receiversMax)
  const ids = top.flatMap((one) => (one.destinationId === null ? [] : [one.destinationId]))
  const destinations = await prisma.destination.findMany({ where: { id: { in: ids } } })
  return top.map(({ destinationId: id, host, count }) => {
    const destination = destinations.find((one) => one.id === id)
    return {
      receiver: destination?.receiverHost ?? host,
      destination_id: id,
      destination_name: destination?.name ?? null,
      count,
    }
  })
}

interface ReceiverCount {
  destinationId: string | null
  host: string
  count: number
}

function countsOf(groups: readonly MemberGroup[]): ReceiverCount[] {
  const counts = new Map<string, ReceiverCount>()
  for (const { destination_id: destinationId, receiver_host: host, count } of groups) {
    const key = destinationId ?? host ?? ''
    const before = counts.get(key)?.count ?? 0
    counts.set(key, { destinationId, host: host ?? '', count: before + count })
  }
  return [...counts.values()]
}
