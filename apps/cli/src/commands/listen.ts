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
    summary: 'Run a local receiver that shows and verifies webhooks, until Ctrl-C.',
    example: 'listen --secret whsec_… --forward http://127.0.0.1:3000/hooks',
    options: (command) =>
      command
        .option('--port <port>', 'port to listen on; 0 for any free port', parsePort, portDefault)
        .option('--secret <whsec_…>', 'verify signatures with this secret')
        .option('--secret-stdin', 'read the secret from stdin, so that it is in no process list')
        .option('--public-key <whpk_…>', 'verify signatures with this public key')
        .option('--status <status>', 'status to respond with (default: 200)', parseStatus)
        .option('--forward <url>', 'forward to your program on this machine, and respond as it does')
        .option('--count <count>', 'exit after this many webhooks', positiveInteger),
    run: listen,
  })
}

async function listen(context: Context<ListenOptions>): Promise<number> {
  const { options, output } = context
  if (options.forward !== undefined && options.status !== undefined)
    throw new UsageError('With --forward your program sets the status; leave --status out.')
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
  printGreeting(context, listener, keys.secret !== null || keys.publicKey !== null)
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
  /** Resolves to the exit code. */
  promise: Promise<number>
  countOne: () => void
}

/** Resolves on Ctrl-C, or after `--count` webhooks. */
function listenUntilEnd({ options, onInterrupt }: Context<ListenOptions>): ListenEnd {
  let left = options.count ?? Number.POSITIVE_INFINITY
  // Node 20 has no Promise.withResolvers.
  let end: ((exitCode: number) => void) | undefined
  const promise = new Promise<number>((resolve) => (end = resolve))
  const release = onInterrupt(() => end?.(exitCodes.interrupted))
  return {
    promise: promise.finally(release),
    countOne: () => {
      left -= 1
      if (left === 0) end?.(exitCodes.ok)
    },
  }
}

function printGreeting({ output }: Context<ListenOptions>, { url }: Listener, isChecked: boolean): void {
  const { host } = new URL(url)
  output.note(`Listening at ${url} and every path below it. Press Ctrl-C to stop.`)
  output.note(
    `Ghostpost sends here only if GHOSTPOST_ALLOWED_ADDRESSES contains ${host.replace(':', '/32:')}`,
  )
  if (!isChecked) output.note('Signatures are not checked: set --secret or --public-key.')
}

function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('Use a number from 0 to 65535.')
  return Number(text)
}

function parseStatus(text: string): number {
  if (!/^[2-5]\d\d$/.test(text)) throw new InvalidArgumentError('Use a status from 200 to 599.')
  return Number(text)
}
