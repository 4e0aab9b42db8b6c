import { InvalidArgumentError, type Command } from 'commander'
import { defineCommand, positiveInteger, type Context, type CommandDeps } from '../define-command.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { parseForwardTarget } from '../listen/forward-webhook.ts'
import { startListener, type Arrival, type Listener } from '../listen/start-listener.ts'
import { arrivalJson, formatArrival } from '../listen/format-arrival.ts'
import { readKeys } from '../listen/verify-signature.ts'
import { readStdin } from '../process-io.ts'

interface ListenOptions {
  port: number
  secret?: string
  secretStdin?: true
  publicKey?: string
  status?: number
  forward?: string
  count?: number
}

const portDefault = 4099
const pipedBytesMax = 8_192

export function listenCommand(root: Command, deps: CommandDeps): void {
  defineCommand<ListenOptions>(root, deps, {
    usage: 'listen',
    summary: 'A receiver on this machine that shows and verifies what comes in, until Ctrl-C.',
    example: 'listen --secret whsec_… --forward http://127.0.0.1:3000/hooks',
    options: (command) =>
      command
        .option('--port <port>', 'where to listen; 0 for any that is free', parsePort, portDefault)
        .option('--secret <whsec_…>', 'verify signatures with this secret')
        .option('--secret-stdin', 'read that secret from stdin, where nobody else sees it')
        .option('--public-key <whpk_…>', 'verify signatures with this public key')
        .option(
          '--status <status>',
          'what to answer (default: 200), to see what Ghostpost makes of it',
          parseStatus,
        )
        .option('--forward <url>', 'hand on to your own program on this machine, and answer what it does')
        .option('--count <count>', 'end after so many', positiveInteger),
    run: listen,
  })
}

async function listen(context: Context<ListenOptions>): Promise<number> {
  const { options, output } = context
  if (options.forward !== undefined && options.status !== undefined)
    throw new UsageError('With --forward your program says what is answered; leave --status out.')
  const keys = readKeys(await secretOf(context), options.publicKey)
  const forward = options.forward === undefined ? null : parseForwardTarget(options.forward)
  const end = listenUntilEnd(context)
  const onArrival = (arrival: Arrival): void => {
    if (options.json) output.jsonLine(arrivalJson(arrival))
    else output.line(formatArrival(arrival))
    end.countOne()
  }
  const listener = await startListener({
    port: options.port,
    keys,
    status: options.status ?? 200,
    forward,
    onArrival,
  })
  greet(context, listener, keys.secret !== null || keys.publicKey !== null)
  try {
    return await end.promise
  } finally {
    await listener.stop()
  }
}

async function secretOf({ options, stdin }: Context<ListenOptions>): Promise<string | undefined> {
  return options.secretStdin ? (await readStdin(stdin, pipedBytesMax)).trim() : options.secret
}

interface ListenEnd {
  /** With the exit code. */
  promise: Promise<number>
  countOne: () => void
}

/** It ends with Ctrl-C, or after as many as were asked for. */
function listenUntilEnd({ options, onInterrupt }: Context<ListenOptions>): ListenEnd {
  const { promise, resolve } = Promise.withResolvers<number>()
  const release = onInterrupt(() => resolve(exitCodes.interrupted))
  let left = options.count ?? Number.POSITIVE_INFINITY
  return {
    promise: promise.finally(release),
    countOne: () => {
      left -= 1
      if (left === 0) resolve(exitCodes.ok)
    },
  }
}

function greet({ output }: Context<ListenOptions>, { url }: Listener, isChecked: boolean): void {
  const { host } = new URL(url)
  output.note(`Listening at ${url} and every path below it. Ctrl-C ends it.`)
  output.note(`Ghostpost sends here where GHOSTPOST_ALLOWED_ADDRESSES has ${host.replace(':', '/32:')}`)
  if (!isChecked) output.note('Signatures are not checked: say --secret or --public-key.')
}

function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('It is a number from 0 to 65535.')
  return Number(text)
}

function parseStatus(text: string): number {
  if (!/^[2-5]\d\d$/.test(text)) throw new InvalidArgumentError('It is a status from 200 to 599.')
  return Number(text)
}
