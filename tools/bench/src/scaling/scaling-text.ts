import { figure, table } from '../report.ts'
import type { ResourceNeed } from './compute-need.ts'

/** Formats the calculation as a table with one column per rate. */
export function formatScaling(needs: readonly ResourceNeed[]): string {
  const row = (name: string, of: (need: ResourceNeed) => string): string[] => [name, ...needs.map(of)]
  const number = (name: string, of: (need: ResourceNeed) => number): string[] =>
    row(name, (need) => grouped(of(need)))
  return table(
    ['a second', ...needs.map(({ perSecond }) => grouped(perSecond))],
    [
      number('API processes', ({ apis }) => apis),
      number('worker processes', ({ workers }) => workers),
      number('processors of Postgres', ({ postgresCores }) => postgresCores),
      number('statements a second', ({ statementsPerSecond }) => statementsPerSecond),
      number('write-ahead log, MB a second', ({ walMegabytesPerSecond }) => walMegabytesPerSecond),
      number('flushes of it a second, at most', ({ walFlushesPerSecond }) => walFlushesPerSecond),
      number('stored a day, GB', ({ gigabytesPerDay }) => gigabytesPerDay),
      number('stored in total, TB', ({ storedTerabytes }) => storedTerabytes),
      number('Redis nodes', ({ redisNodes }) => redisNodes),
      number('Redis commands a second', ({ redisCommandsPerSecond }) => redisCommandsPerSecond),
      number('Redis memory of the backlog, GB', ({ backlogGigabytes }) => backlogGigabytes),
      number('installations', ({ installations }) => installations),
      number('$ a month: processes', ({ dollars }) => dollars.processes),
      number('$ a month: Postgres', ({ dollars }) => dollars.postgres),
      number('$ a month: storage', ({ dollars }) => dollars.storage),
      number('$ a month: Redis', ({ dollars }) => dollars.redis),
      number('$ a month', ({ dollars }) => totalOf(dollars)),
      row('breaks first', ({ limits }) => formatBreakingLimits(limits)),
    ],
  )
}

function totalOf(dollars: ResourceNeed['dollars']): number {
  return Object.values(dollars).reduce((sum, one) => sum + one, 0)
}

function formatBreakingLimits(limits: ResourceNeed['limits']): string {
  const broken = limits.filter(({ times }) => times > 1)
  const [first] = limits
  if (broken.length === 0) return `nothing; next is ${first?.what} (${figure((first?.times ?? 0) * 100)} %)`
  return broken.map(({ what, times }) => `${what} (${figure(times)} ×)`).join(', ')
}

/** Rounds to three significant digits and groups thousands. */
function grouped(value: number): string {
  const rounded = figure(value)
  return value >= 1_000 ? Number(value.toPrecision(3)).toLocaleString('en-US') : rounded
}
