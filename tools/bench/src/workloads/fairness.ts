import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startDnsServer, type DnsServer } from '@ghostpost/test-kit/dns-server'
import { startBenchReceiver, type BenchReceiver } from '../bench-receiver.ts'
import { exportBody, readPeaks, startCallTarget, type CallTarget } from '../calls.ts'
import { openGhostpost, type GhostpostInstallation } from '../contenders/ghostpost.ts'
import { behaviours, healthyNames, receiversMax, type Behaviour } from '../fairness/behaviours.ts'
import {
  answeredPercent,
  fairnessReport,
  latencyRatio,
  neighbourKinds,
  type FairnessTrial,
  type Measurement,
  type NeighbourKind,
} from '../fairness/compare-neighbours.ts'
import { openNeighbour } from '../fairness/neighbour.ts'
import { benchKeys } from '../log/bench-api.ts'
import { runOpenLoop } from '../open-loop.ts'
import { busyPercent, readMachineTimes } from '../process-usage.ts'
import { figure, type WorkloadReport } from '../report.ts'
import { inTurn, notePeaks, type Run } from '../run.ts'

/** Far below capacity: what the neighbour takes is to be felt, not the machine's limit. */
const perSecond = 20
const fullSeconds = 20
const shortSeconds = 10
const warmUpSeconds = 3
const fullRoundsMax = 3
/** The innocent site's receiver is the first one, so the neighbour needs one more. */
const receiversPerKind = receiversMax + 1

const useNameServer = fileURLToPath(new URL('../fairness/use-name-server.ts', import.meta.url))

const settings = {
  GHOSTPOST_ALLOWED_ADDRESSES: '127.0.0.1/32',
  GHOSTPOST_SECRET_KEYS: benchKeys,
  // What hangs at the end of a trial is of no interest.
  GHOSTPOST_STOP_TIMEOUT_MS: '1000',
}

/** Measures a site's synchronous exports beside another site: one with healthy receivers, and a hostile one. */
export async function fairness(run: Run): Promise<WorkloadReport> {
  const receivers = await startBenchReceiver(receiversPerKind)
  const names = await startNames()
  const surroundings = { receivers, nameServer: names.address }
  const rounds = run.short ? 1 : Math.min(run.rounds, fullRoundsMax)
  const trials: FairnessTrial[] = []
  try {
    for (let round = 0; round < rounds; round += 1)
      for (const name of Object.keys(behaviours)) trials.push(await runTrial(run, surroundings, name, round))
  } finally {
    await names.stop()
    await receivers.stop()
  }
  const texts = Object.entries(behaviours).map(([name, { text }]) => [name, text] as const)
  return fairnessReport(Object.fromEntries(texts), perSecond, trials)
}

/** Names of healthy receivers have an address; look-ups of all others never end. */
async function startNames(): Promise<DnsServer> {
  const names = await startDnsServer()
  for (const name of healthyNames) names.set(name, { addresses: ['127.0.0.1'], ttl: 60 })
  names.otherwise('hang')
  return names
}

interface Surroundings {
  receivers: BenchReceiver
  nameServer: string
}

async function runTrial(
  run: Run,
  surroundings: Surroundings,
  name: string,
  round: number,
): Promise<FairnessTrial> {
  const behaviour = behaviours[name]
  if (!behaviour) throw new Error(`There is no behaviour ${name}.`)
  const measured = new Map<NeighbourKind, Measurement>()
  for (const kind of inTurn(neighbourKinds, round))
    measured.set(kind, await measureBeside(run, surroundings, behaviour, kind))
  const [healthy, hostile] = neighbourKinds.map((kind) => measured.get(kind))
  if (!healthy || !hostile) throw new Error('A measurement is missing.')
  const trial = { behaviour: name, round, healthy, hostile }
  const answered = figure(answeredPercent([hostile]))
  run.log(`round ${round + 1}, ${name}: ${answered} % answered, p95 ${figure(latencyRatio([trial], 95))} ×`)
  return trial
}

/** Each measurement has a fresh installation, which knows neither site's receivers. */
async function measureBeside(
  run: Run,
  { receivers, nameServer }: Surroundings,
  behaviour: Behaviour,
  kind: NeighbourKind,
): Promise<Measurement> {
  const bench = { ...run.bench, receiver: receivers }
  const installation = await openGhostpost(bench, { ...settings, BENCH_NAME_SERVER: nameServer }, [
    useNameServer,
  ])
  try {
    const called = await startCallTarget(installation)
    const urls = behaviour.urlsOf(receivers, kind)
    const parts = { installation, called, healthyUrl: receivers.urls.ok, urls }
    const measurement = await measure(run, parts, behaviour)
    notePeaks(run, await readPeaks(installation, called))
    return measurement
  } finally {
    await installation.stop()
  }
}

interface TrialParts {
  installation: GhostpostInstallation
  called: CallTarget
  healthyUrl: string
  /** The neighbour's receivers. */
  urls: readonly string[]
}

async function measure(run: Run, parts: TrialParts, behaviour: Behaviour): Promise<Measurement> {
  const { installation, called, urls } = parts
  const seconds = run.short ? shortSeconds : fullSeconds
  const neighbour = await openNeighbour(installation, called)
  const caller = called.open()
  const body = exportBody(parts.healthyUrl)
  const call = (): Promise<string> => caller.post(body)
  await runOpenLoop({ perSecond, seconds: warmUpSeconds, call })
  const over = new AbortController()
  const wholeSeconds = behaviour.leadSeconds + seconds
  const calling = behaviour.run({ neighbour, urls, seconds: wholeSeconds, over: over.signal })
  // Awaited below; the measurement must end first.
  calling.catch(() => {})
  await pause(behaviour.leadSeconds * 1_000)
  const from = readMachineTimes()
  const calls = await runOpenLoop({ perSecond, seconds, call })
  const busy = busyPercent(from, readMachineTimes())
  over.abort()
  const neighbourEndings = await calling
  await Promise.all([neighbour.close(), caller.close()])
  return { calls, neighbourEndings, busyPercent: busy }
}
