import { Client, type ClientConfig } from 'pg'
import { noteDatabaseError } from './database-error.ts'

type OnConnect = ((error: Error) => void) | ((error: null, client: Client) => void)

/**
 * A connection that always has a listener for its `error` event. Postgres may end a connection at any moment, also
 * between two owners of the connection: pg-pool removes its own listener before the next owner adds one. An `error`
 * event without a listener ends the process. The owner learns of the error from its next statement.
 */
export class ListenedClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config)
    this.on('error', noteDatabaseError)
  }

  override connect(): Promise<Client>
  override connect(callback: OnConnect): void
  override connect(callback?: OnConnect): Promise<Client> | void {
    if (callback === undefined) return super.connect().catch(rethrowNoted)
    return super.connect((error: Error | null) => {
      if (error !== null) noteDatabaseError(error)
      ;(callback as (error: Error | null, client: Client) => void)(error, this)
    })
  }
}

function rethrowNoted(error: unknown): never {
  noteDatabaseError(error)
  throw error
}
