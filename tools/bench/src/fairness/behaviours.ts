import type { BenchReceiver, ReceiverKind } from '../bench-receiver.ts'
import { runOpenLoop, type LoadResult } from '../open-loop.ts'
import type { NeighbourKind } from './compare-neighbours.ts'
import type { Neighbour } from './neighbour.ts'

interface NeighbourWork {
  neighbour: Neighbour
  /** Different receivers, all of one kind, that the neighbour alone uses. */
  urls: readonly string[]
  /** How long the neighbour calls, in seconds. */
  seconds: number
  /** Aborts when the measurement is over: the neighbour makes no further calls. */
  over: AbortSignal
}

/** What a neighbour does. A healthy and a hostile one differ in their receivers only. */
export interface Behaviour {
  text: string
  /** The neighbour's receivers. The first receiver of each kind is not among them. */
  urlsOf: (receivers: BenchReceiver, neighbour: NeighbourKind) => readonly string[]
  /** How long it calls before the measurement begins. */
  leadSeconds: number
  /** Makes the calls; returns their number by result. */
  run: (work: NeighbourWork) => Promise<LoadResult['endings']>
}

/** Different receivers that a behaviour needs at most. */
export const receiversMax = 500
const newHostsPerSecond = 8
const newNamesPerSecond = 20
const namesMax = 1_000
const membersPerSecond = 80
const queuedDeliveries = 10_000
const callsAtOnce = 32

/** Names of receivers that have an address. */
export const healthyNames = namesUnder('ok.test')

export const behaviours: Readonly<Record<string, Behaviour>> = {
  'new-hosts': {
    text: `${newHostsPerSecond} exports a second, each to a new host that hangs`,
    urlsOf: receiversThat('hang'),
    // An attempt takes at most 10 s: after these, as many are in flight as ever are.
    leadSeconds: 12,
    run: (work) => exportEach(work, newHostsPerSecond),
  },
  'black-holes': {
    text: `exports to ${receiversMax} hosts that hang, all at once`,
    urlsOf: receiversThat('hang'),
    leadSeconds: 2,
    run: ({ neighbour, urls }) => countEndings(urls.map((url) => neighbour.exportTo(url))),
  },
  operation: {
    text: 'an operation of 2,000 to a receiver that takes 2 s',
    urlsOf: receiversThat('slow'),
    leadSeconds: 5,
    run: async ({ neighbour, urls: [url = ''] }) => ({
      planned: await neighbour.exportAllTo(url, membersPerSecond),
    }),
  },
  'hanging-names': {
    text: `${newNamesPerSecond} exports a second, each to a new name whose look-up never ends`,
    urlsOf: ({ all }, neighbour) => {
      const { port } = new URL(all.ok[1] ?? '')
      const names = neighbour === 'healthy' ? healthyNames : namesUnder('hang.test')
      return names.map((name) => `http://${name}:${port}/hooks/leads`)
    },
    leadSeconds: 12,
    run: (work) => exportEach(work, newNamesPerSecond),
  },
  queued: {
    text: `${queuedDeliveries.toLocaleString('en')} exports to a host that hangs, as fast as possible`,
    urlsOf: receiversThat('hang'),
    leadSeconds: 2,
    run: async ({ neighbour, urls: [url = ''], over }) => {
      let made = 0
      const endings: Promise<string>[] = []
      const caller = async (): Promise<void> => {
        while (made < queuedDeliveries && !over.aborted) {
          made += 1
          const ending = neighbour.exportTo(url)
          endings.push(ending)
          await ending.catch(() => {})
        }
      }
      await Promise.all(Array.from({ length: callsAtOnce }, caller))
      return countEndings(endings)
    },
  },
}

function namesUnder(domain: string): string[] {
  return Array.from({ length: namesMax }, (_, index) => `name-${index}.${domain}`)
}

function receiversThat(fault: Exclude<ReceiverKind, 'ok'>): Behaviour['urlsOf'] {
  return ({ all }, neighbour) => all[neighbour === 'hostile' ? fault : 'ok'].slice(1)
}

/** Exports to one receiver after another, at a fixed rate. */
async function exportEach(
  { neighbour, urls, seconds }: NeighbourWork,
  perSecond: number,
): Promise<LoadResult['endings']> {
  const call = (index: number): Promise<string> => neighbour.exportTo(urls[index % urls.length] ?? '')
  return (await runOpenLoop({ perSecond, seconds, call })).endings
}

async function countEndings(calls: readonly Promise<string>[]): Promise<LoadResult['endings']> {
  const endings: Record<string, number> = {}
  for (const settled of await Promise.allSettled(calls)) {
    const ending = settled.status === 'fulfilled' ? settled.value : 'error'
    endings[ending] = (endings[ending] ?? 0) + 1
  }
  return endings
}
