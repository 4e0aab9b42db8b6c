import { spawn } from 'node:child_process'
import { rememberProcess } from '@ghostpost/local-services'
import { startReaper } from '../src/world/start-reaper.ts'

/** Starts the reaper and a process, as a run of the fault suite does, writes its id and waits. */
startReaper(process.argv[2] ?? '')
const program = 'setInterval(() => {}, 1_000)'
const child = spawn(process.execPath, ['-e', program], { detached: true, stdio: 'ignore' })
rememberProcess(child.pid ?? 0)
process.stdout.write(`${child.pid}\n`)
setInterval(() => {}, 1_000)
