import type { Client } from '@ghostpost/client'
import { Argument, InvalidArgumentError, type Command } from 'commander'
import { connect, type Connection } from './connection.ts'
import { exitCodes } from './exit-codes.ts'
import type { Output } from './output.ts'
import type { ProcessIo } from './process-io.ts'

export interface CommandDeps {
  io: ProcessIo
  output: Output
  exit: (code: number) => void
}

export interface CommonOptions {
  json?: true
  site?: number
}

/** What a command can use. */
export interface Context<Options> extends ProcessIo {
  output: Output
  options: Options & CommonOptions
  /** Connects on the first call. */
  connection: () => Connection
  client: () => Client
  /** The `--site` option as a query parameter. */
  siteQuery: { siteId?: string }
  /** Prints the result: as JSON with --json, else as text. */
  show: <Value>(value: Value, asText: (value: Value) => string) => void
}

/** Runs a command. Returns an exit code; undefined means 0. */
type Handler<Options> = (context: Context<Options>, ...args: string[]) => Promise<number | void>

interface Definition<Options> {
  /** Name and arguments, as in `show <id>`. */
  usage: string
  summary: string
  /** A working command line without the program's name. */
  example: string
  /** Adds the command's own options. */
  options?: (command: Command) => void
  run: Handler<Options>
}

/** Adds a group of commands. */
export function addGroup(root: Command, name: string, summary: string): Command {
  return root.command(name).description(summary)
}

/** Adds a command with the common options `--json` and `--site` and an example in its help. */
export function defineCommand<Options = object>(
  group: Command,
  deps: CommandDeps,
  { usage, summary, example, options, run }: Definition<Options>,
): void {
  const [name = '', ...args] = usage.split(' ')
  const command = group.command(name).description(summary)
  for (const one of args) command.addArgument(new Argument(one))
  options?.(command)
  command
    .option('--json', 'print the result as JSON on stdout; everything else goes to stderr')
    .option('--site <id>', 'site id (default: 4, set by the API)', positiveInteger)
    .addHelpText('after', `\nExample:\n  ghostpost ${example}`)
    .action(async () => {
      const context = contextOf<Options>(deps, command.opts())
      deps.exit((await run(context, ...(command.processedArgs as string[]))) ?? exitCodes.ok)
    })
}

function contextOf<Options>({ io, output }: CommandDeps, options: Options & CommonOptions): Context<Options> {
  let connection: Connection | undefined
  const connectOnce = (): Connection => (connection ??= connect(io.env, output))
  return {
    ...io,
    output,
    options,
    connection: connectOnce,
    client: () => connectOnce().client,
    siteQuery: options.site === undefined ? {} : { siteId: String(options.site) },
    show: (value, asText) => (options.json ? output.json(value) : output.line(asText(value))),
  }
}

/** Parses an option that is a positive integer. */
export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Use a whole number of at least 1.')
  return Number(text)
}
