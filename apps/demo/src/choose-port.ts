import { freePort, isPortFree } from '@ghostpost/local-services'

/**
 * The port to use: the requested one, which must be free; else the preferred one; else any free one, because another
 * checkout may be running. A requested 0 is 0 for metrics and worker, which then serve none, and any free port else.
 * @param takenPorts ports that are reserved, although nothing listens on them yet
 * @throws Error when the requested port is invalid or in use
 */
export async function choosePort(
  setting: string,
  requested: string | undefined,
  preferred: number,
  takenPorts: readonly number[] = [],
): Promise<number> {
  const isFree = async (port: number): Promise<boolean> => !takenPorts.includes(port) && isPortFree(port)
  if (requested === undefined || requested === '') return (await isFree(preferred)) ? preferred : freePort()
  // Nothing listens on port 0: it means none, or any free one.
  if (requested === '0' && setting !== 'GHOSTPOST_PORT' && setting.startsWith('GHOSTPOST_')) return 0
  if (requested === '0') return freePort()
  const port = Number(requested)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(
      `${setting} is ${requested}, which is not a port. Set it to a number from 0 to 65535, or leave it out.`,
    )
  }
  if (await isFree(port)) return port
  throw new Error(
    `Port ${port} is in use. Stop the process that listens on it, set ${setting} to another port, or unset it.`,
  )
}

export interface DemoPorts {
  api: number
  inbox: number
  /** Port of the API's metrics. */
  metrics: number
  worker: number
}

/** Chooses a different port for each part of the demo. */
export async function choosePorts(env: NodeJS.ProcessEnv): Promise<DemoPorts> {
  const takenPorts: number[] = []
  const choose = async (setting: string, preferred: number): Promise<number> => {
    const port = await choosePort(setting, env[setting], preferred, takenPorts)
    takenPorts.push(port)
    return port
  }
  return {
    api: await choose('GHOSTPOST_PORT', 4080),
    inbox: await choose('INBOX_PORT', 4090),
    metrics: await choose('GHOSTPOST_METRICS_PORT', 4082),
    worker: await choose('GHOSTPOST_WORKER_PORT', 4081),
  }
}
