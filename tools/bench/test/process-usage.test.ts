import { expect, it } from 'vitest'
import { cpuSecondsOf, cpuSecondsOfFamily, peakMemoryOf } from '../src/process-usage.ts'

const onLinux = process.platform === 'linux'

it.runIf(onLinux)('reads the CPU time and peak memory of a process', async () => {
  // What this process started and ended before counts, too.
  const before = await cpuSecondsOf(process.pid)
  const started = process.cpuUsage()
  const until = performance.now() + 100
  while (performance.now() < until);
  const counted = await cpuSecondsOf(process.pid)
  const own = process.cpuUsage(started)
  expect(counted).toBeGreaterThan(before)
  expect(counted - before).toBeLessThanOrEqual((own.user + own.system) / 1e6 + 1)
  expect(await cpuSecondsOfFamily(process.ppid)).toBeGreaterThanOrEqual(counted)
  expect(await peakMemoryOf(process.pid)).toBeGreaterThanOrEqual(process.memoryUsage.rss() / 2)
})

it('is 0 for a process that has ended', async () => {
  expect(await cpuSecondsOf(2 ** 30)).toBe(0)
  expect(await peakMemoryOf(2 ** 30)).toBe(0)
})
