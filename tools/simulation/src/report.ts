import { plantedBugs } from './planted/index.ts'
import type { Breach, TaskResult } from './tasks.ts'

type Print = (line: string) => void

const eventsMax = 30

/** @returns how many histories break a promise */
export function formatExploration(results: readonly TaskResult[], depth: 1 | 2, print: Print): number {
  const kinds = depth === 1 ? 'each single fault' : 'each single fault and each pair of faults'
  print(`\nshort histories with ${kinds}\n`)
  print('| history | runs | broken | processor s |\n| --- | --- | --- | --- |')
  for (const { task, runs, breaches, cpuMs } of results)
    print(`| ${'name' in task ? task.name : ''} | ${runs} | ${breaches.length} | ${secondsOf(cpuMs)} |`)
  print(`| all | ${sum(results, ({ runs }) => runs)} | ${breachesOf(results).length} | |`)
  return printBreaches(results, print)
}

/** @returns how many bugs were not found, or need too many events */
export function formatHunts(results: readonly TaskResult[], print: Print): number {
  print('\nplanted bugs\n')
  print('| bug | broken promise | survived s | runs | events |\n| --- | --- | --- | --- | --- |')
  const hunts = plantedBugs.flatMap(({ name }) =>
    results.flatMap(({ hunt }) => (hunt?.bug === name ? [hunt] : [])),
  )
  for (const { bug, invariant, survivedMs, runs, events } of hunts)
    print(`| ${bug} | ${invariant ?? '**not found**'} | ${secondsOf(survivedMs)} | ${runs} | ${events} |`)
  const missed = hunts.filter(({ invariant, events }) => invariant === null || events > eventsMax)
  print(`\n${hunts.length - missed.length} of ${hunts.length} found`)
  return missed.length
}

/** @returns how many histories break a promise */
export function formatRandom(results: readonly TaskResult[], print: Print): number {
  const cpuMs = sum(results, (one) => one.cpuMs)
  const deliveries = sum(results, (one) => one.deliveries)
  const perHour = Math.round((deliveries / cpuMs) * 3_600_000)
  print(
    `\nrandom histories: ${sum(results, ({ runs }) => runs)}, deliveries: ${deliveries}, ` +
      `faults: ${sum(results, (one) => one.faults)}, takeovers: ${sum(results, (one) => one.takeovers)}, ` +
      `processor time: ${secondsOf(cpuMs)} s, deliveries per core and hour: ${perHour}`,
  )
  return printBreaches(results, print)
}

function breachesOf(results: readonly TaskResult[]): Breach[] {
  return results.flatMap(({ breaches }) => breaches)
}

function printBreaches(results: readonly TaskResult[], print: Print): number {
  const breaches = breachesOf(results)
  for (const { seed, invariant, text, history } of breaches) {
    print(`\nseed ${seed}: ${invariant} (${text})`)
    for (const action of history.actions) print(`  ${JSON.stringify(action)}`)
    for (const fault of history.faults) print(`  ${JSON.stringify(fault)}`)
  }
  return breaches.length
}

function sum(results: readonly TaskResult[], of: (result: TaskResult) => number): number {
  return results.reduce((total, result) => total + of(result), 0)
}

function secondsOf(ms: number): string {
  return (ms / 1_000).toFixed(1)
}
