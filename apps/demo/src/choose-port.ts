import { freePort, isPortFree } from '@ghostpost/local-services'

/**
 * The port to use: the one asked for, which must be free; else the preferred one; else, as another checkout may be
 * running, any free one.
 */
export async function choosePort(
  setting: string,
  asked: string | undefined,
  preferred: number,
): Promise<number> {
  if (asked === undefined || asked === '') return (await isPortFree(preferred)) ? preferred : freePort()
  const port = Number(asked)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(
      `${setting} is ${asked}, which is no port. Set it to a number from 1 to 65535, or leave it out.`,
    )
  }
  if (await isPortFree(port)) return port
  throw new Error(
    `Port ${port} is taken. Stop what listens there, set ${setting} to another port, or leave it out for any free one.`,
  )
}
