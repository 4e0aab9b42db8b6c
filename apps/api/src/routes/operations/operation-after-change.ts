import type { OperationView } from '@ghostpost/delivery/contract/operations'
import { findOperation, type OperationChange } from '@ghostpost/infrastructure/database/operations'
import { ApiError } from '../../server/api-error.ts'
import type { RequestWithId } from '../../server/site-of-request.ts'
import type { RouteContext } from '../../server/route.ts'

export function operationInPath({ params }: RequestWithId): string {
  return params.id
}

/** The changed operation. Throws an ApiError when the change was refused. */
export async function operationAfterChange(
  { database, events }: RouteContext,
  id: string,
  change: OperationChange,
): Promise<OperationView> {
  const operation = await findOperation(database, id)
  if (!operation) throw new ApiError('operation_not_found', 'There is no such operation.')
  if (change.kind === 'already_running')
    throw new ApiError('operation_running', 'An operation with the same selection is already running.', [
      { field: 'operation_id', expected: `${change.id ?? 'another one'} to end first` },
    ])
  if (change.kind === 'wrong_state')
    throw new ApiError('operation_state', `This operation is ${operation.state}.`)
  events.publishOperation(operation.siteId, id)
  return operation
}
