import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { accountCommands } from './commands/accounts.ts'
import { alertCommands } from './commands/alerts.ts'
import { changeDestinationCommands } from './commands/change-destinations.ts'
import { completionCommand } from './commands/completion.ts'
import { statusCommands } from './commands/status.ts'
import { apiKeyCommands } from './commands/api-keys.ts'
import { deliveryCommands } from './commands/deliveries.ts'
import { destinationCommands } from './commands/destinations.ts'
import { failureCommands } from './commands/failures.ts'
import { listenCommand } from './commands/listen.ts'
import { operationCommands } from './commands/operations.ts'
import { ownSessionCommands } from './commands/own-sessions.ts'
import { sessionCommands } from './commands/session.ts'
import { visitorCommands } from './commands/visitors.ts'
import { exitCodes } from './exit-codes.ts'
import { addGroup, type CommandDeps } from './define-command.ts'
import type { Output } from './output.ts'
import type { ProcessIo } from './process-io.ts'

/** Builds the tree of all commands. */
export function commandTree(io: ProcessIo, output: Output, exit: (code: number) => void): Command {
  const root = new Command('ghostpost')
    .description(
      'The command line of Ghostpost: deliveries, failures, bulk operations, destinations, alerts.',
    )
    .version(readVersion())
    .addHelpText('after', exitCodeHelp)
  const deps: CommandDeps = { io, output, exit }
  configureErrors(root, io)
  sessionCommands(root, deps)
  statusCommands(root, deps)
  deliveryCommands(addGroup(root, 'deliveries', 'The delivery log, and actions on one delivery.'), deps)
  visitorCommands(addGroup(root, 'visitors', 'The visitors of a site, their import, and suppressions.'), deps)
  failureCommands(addGroup(root, 'failures', 'Dead letters, grouped by cause and receiver.'), deps)
  operationCommands(addGroup(root, 'operations', 'Bulk operations over many deliveries.'), deps)
  const destinations = addGroup(root, 'destinations', 'Saved destinations: where deliveries go.')
  destinationCommands(destinations, deps)
  changeDestinationCommands(destinations, deps)
  alertCommands(addGroup(root, 'alerts', 'Alert rules, which notify people of problems.'), deps)
  ownSessionCommands(addGroup(root, 'sessions', 'Your own sessions: where you are signed in.'), deps)
  apiKeyCommands(addGroup(root, 'api-keys', 'Keys by which programs call the API for one site.'), deps)
  accountCommands(addGroup(root, 'accounts', 'The people with a role in a site.'), deps)
  listenCommand(root, deps)
  completionCommand(root, deps)
  return root
}

/** An import of JSON would warn on Node 20. */
function readVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}

const exitCodeHelp = `
Exit codes:
  ${exitCodes.ok}    success
  ${exitCodes.failed}    some failed
  ${exitCodes.usage}    invalid command line, or not signed in
  ${exitCodes.refused}    the API refused
  ${exitCodes.unreachable}    the API is unreachable
  ${exitCodes.interrupted}  Ctrl-C`

/** Throws errors instead of exiting, and sends only results to stdout. Subcommands inherit this. */
function configureErrors(root: Command, { stdout, stderr }: ProcessIo): void {
  root
    .exitOverride()
    .showHelpAfterError('(see --help)')
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
    })
}
