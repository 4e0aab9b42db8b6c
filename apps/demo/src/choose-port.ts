import { freePort, isPortFree } from '@ghostpost/local-services'

/**
 * The port to use: the one asked for, which must be free; else the preferred one; else, as another checkout may be
 * running, any free one.
 * @param takenPorts ports that are spoken for, though nobody listens there yet
 */
export async function choosePort(
  setting: string,
  requested: string | undefined,
  preferred: number,
  takenPorts: readonly number[] = [],
): Promise<number> {
  const isFree = async (port: number): Promise<boolean> => !takenPorts.includes(port) && isPortFree(port)
  if (requested === undefined || requested === '') return (await isFree(preferred)) ? preferred : freePort()
  const port = Number(requested)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(
      `${setting} is ${requested}, which is no port. Set it to a number from 1 to 65535, or leave it out.`,
    )
  }
  if (await isFree(port)) return port
  throw new Error(
    `Port ${port} is taken. Stop what listens there, set ${setting} to another port, or leave it out for any free one.`,
  )
}

export interface DemoPorts {
  api: number
  inbox: number
  /** Where the API's and the worker's metrics are. */
  metrics: number
  worker: number
}

/** A port for each part of the demo, none twice. */
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
