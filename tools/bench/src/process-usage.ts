import { readdir, readFile } from 'node:fs/promises'
import { cpus } from 'node:os'

/** Linux counts processor time in hundredths of a second for programs (USER_HZ, proc(5)). */
const ticksPerSecond = 100

/** CPU seconds of a process and of its ended children; 0 when it has exited. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  return secondsIn(await statOf(pid))
}

/** As `cpuSecondsOf`, running children included: Postgres has a process per connection. */
export async function cpuSecondsOfFamily(pid: number): Promise<number> {
  const own = await statOf(pid)
  const others = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const stats = await Promise.all(others.map((name) => statOf(Number(name))))
  return stats
    .filter((fields) => Number(fields[1]) === pid)
    .reduce((sum, fields) => sum + secondsIn(fields), secondsIn(own))
}

/** Memory use of a process in bytes; 0 on a system without /proc. */
export async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1_024
}

/** Largest memory use of a process in bytes; 0 on a system without /proc. */
export async function peakMemoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1_024
}

/** The fields after the name, which is in parentheses and may contain spaces: state, parent, … (proc(5)). */
async function statOf(pid: number): Promise<string[]> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** utime, stime, cutime and cstime are fields 14 to 17, so 11 to 14 after the name. */
function secondsIn(fields: readonly string[]): number {
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond
}

/** Processor time of the machine since its start, in milliseconds. */
export interface MachineTimes {
  total: number
  idle: number
}

export function readMachineTimes(): MachineTimes {
  const times = cpus().flatMap((cpu) => Object.entries(cpu.times))
  return times.reduce(
    ({ total, idle }, [kind, ms]) => ({ total: total + ms, idle: kind === 'idle' ? idle + ms : idle }),
    { total: 0, idle: 0 },
  )
}

/** How busy all programs together kept the machine's processors between two readings, in percent. */
export function busyPercent(from: MachineTimes, to: MachineTimes): number {
  return 100 * (1 - (to.idle - from.idle) / (to.total - from.total))
}
