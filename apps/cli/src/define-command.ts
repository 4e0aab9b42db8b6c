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

/** What a command has at hand. */
export interface Context<Options> extends ProcessIo {
  output: Output
  options: Options & CommonOptions
  /** Connects when it is first asked for. */
  connection: () => Connection
  client: () => Client
  /** The site asked for, as a query parameter. */
  siteQuery: { siteId?: string }
  /** Prints the result: for a program with --json, else for a person. */
  show: <Value>(value: Value, asText: (value: Value) => string) => void
}

/** Ends with an exit code; with 0 when it returns none. */
type Handler<Options> = (context: Context<Options>, ...args: string[]) => Promise<number | void>

interface Definition<Options> {
  /** Name and arguments, as in `show <id>`. */
  usage: string
  summary: string
  /** One that works, without the program's name. */
  example: string
  /** Adds the options of its own. */
  options?: (command: Command) => void
  run: Handler<Options>
}

/** A name that groups commands. */
export function addGroup(root: Command, name: string, summary: string): Command {
  return root.command(name).description(summary)
}

/** Adds a command with what all of them have: `--json`, `--site`, an example in its help. */
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
    .option('--json', 'machine-readable result on stdout; all else goes to stderr')
    .option('--site <id>', 'the site (default: the API’s, 4)', positiveInteger)
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

/** For options that are numbers from 1 up. */
export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It is a whole number from 1 up.')
  return Number(text)
}
