import { Command } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import { alertCommands } from './commands/alerts.ts'
import { deliveryCommands } from './commands/deliveries.ts'
import { destinationCommands } from './commands/destinations.ts'
import { failureCommands } from './commands/failures.ts'
import { listenCommand } from './commands/listen.ts'
import { operationCommands } from './commands/operations.ts'
import { sessionCommands } from './commands/session.ts'
import { exitCodes } from './exit-codes.ts'
import { addGroup, type CommandDeps } from './define-command.ts'
import type { Output } from './output.ts'
import type { ProcessIo } from './process-io.ts'

/** All commands there are. */
export function commandTree(io: ProcessIo, output: Output, exit: (code: number) => void): Command {
  const root = new Command('ghostpost')
    .description(
      'Ghostpost from the command line: deliveries, failures, bulk operations, destinations, alerts.',
    )
    .version(manifest.version)
    .addHelpText('after', exitCodeHelp)
  const deps: CommandDeps = { io, output, exit }
  configureErrors(root, io)
  sessionCommands(root, deps)
  deliveryCommands(addGroup(root, 'deliveries', 'The delivery log, and one delivery at a time.'), deps)
  failureCommands(addGroup(root, 'failures', 'Dead letters, grouped by cause and receiver.'), deps)
  operationCommands(addGroup(root, 'operations', 'Many deliveries at once.'), deps)
  destinationCommands(
    addGroup(
      root,
      'destinations',
      'Saved destinations. They are made in the dashboard, or with POST /api/destinations.',
    ),
    deps,
  )
  alertCommands(addGroup(root, 'alerts', 'When people are to be told that something is wrong.'), deps)
  listenCommand(root, deps)
  return root
}

const exitCodeHelp = `
Exit codes: ${exitCodes.ok} done, ${exitCodes.failed} done but some failed, ${exitCodes.usage} wrong command line or not signed in,
${exitCodes.refused} the API refused, ${exitCodes.unreachable} the API cannot be reached, ${exitCodes.interrupted} Ctrl-C.`

/** Errors are thrown to our one place, and only results go to stdout. Subcommands inherit it. */
function configureErrors(root: Command, { stdout, stderr }: ProcessIo): void {
  root
    .exitOverride()
    .showHelpAfterError('(--help tells more)')
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
    })
}
