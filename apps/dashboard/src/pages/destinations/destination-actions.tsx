import { destinationTraits } from '@ghostpost/client'
import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, type TestedDestination } from '../../api.ts'
import { useRefusal } from '../../session/session.ts'
import { useDestinationStats } from '../../stats/use-stats.ts'
import { formatNumber } from '../deliveries/format-count.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { EditDialog } from './edit-dialog.tsx'
import { MappingDialog } from './mapping-dialog.tsx'
import { PauseDialog } from './pause-dialog.tsx'
import { PropertiesDialog } from './properties-dialog.tsx'
import { RotateDialog } from './rotate-dialog.tsx'
import { TestResult } from './test-result.tsx'
import { useChange } from './use-change.ts'

type OpenDialog = 'edit' | 'mapping' | 'pause' | 'test' | 'rotate' | 'properties' | 'delete'

export function DestinationActions({ destination }: { destination: DestinationView }) {
  const { id, state, signing_secrets: secrets, credentials, webhook_type: type } = destination
  const [open, setOpen] = useState<OpenDialog | null>(null)
  const refusal = useRefusal('operator')
  const close = (): void => setOpen(null)
  const change = useChange(id, close)
  return (
    <>
      <Button refusal={refusal ?? testRefusal(state)} onClick={() => setOpen('test')}>
        Send a test
      </Button>
      {state === 'enabled' ? (
        <Button refusal={refusal} onClick={() => setOpen('pause')}>
          Pause
        </Button>
      ) : (
        <Button
          look="primary"
          refusal={refusal}
          busy={change.isPending}
          onClick={() => change.mutate({ state: 'enabled', state_reason: null })}
        >
          Enable
        </Button>
      )}
      <Button data-key="e" refusal={refusal} onClick={() => setOpen('edit')}>
        Edit
      </Button>
      {destinationTraits[type].mapping && (
        <Button refusal={refusal} onClick={() => setOpen('mapping')}>
          Mapping
        </Button>
      )}
      {secrets > 0 && (
        <Button refusal={refusal} onClick={() => setOpen('rotate')}>
          New signing secret
        </Button>
      )}
      {credentials !== null && destinationTraits[type].createsProperties && (
        <Button refusal={refusal} onClick={() => setOpen('properties')}>
          Create contact properties
        </Button>
      )}
      <Button refusal={refusal} onClick={() => setOpen('delete')}>
        Delete
      </Button>
      {open === 'edit' && <EditDialog destination={destination} onClose={close} />}
      {open === 'mapping' && <MappingDialog destination={destination} onClose={close} />}
      {open === 'pause' && <PauseDialog change={change} onClose={close} />}
      {open === 'test' && <TestDialog destination={destination} onClose={close} />}
      {open === 'rotate' && <RotateDialog id={id} onClose={close} />}
      {open === 'properties' && <PropertiesDialog id={id} onClose={close} />}
      {open === 'delete' && <DeleteDialog destination={destination} onClose={close} />}
    </>
  )
}

function testRefusal(state: DestinationView['state']): string | null {
  return state === 'enabled' ? null : `The destination is ${state}: a test would wait until it is enabled.`
}

function TestDialog({ destination, onClose }: { destination: DestinationView; onClose: () => void }) {
  const [tested, setTested] = useState<TestedDestination | null>(null)
  if (tested) return <TestResult tested={tested} onClose={onClose} />
  return (
    <ConfirmDialog
      title="Send a test?"
      verb="Send the test"
      onConfirm={() => api.testDestination(destination.id)}
      onDone={setTested}
      onClose={onClose}
    >
      Exports a sample visitor, marked as a test, to {destination.receiver}.
    </ConfirmDialog>
  )
}

function DeleteDialog({ destination, onClose }: { destination: DestinationView; onClose: () => void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const stats = useDestinationStats(destination.siteId)
  const waitingText = formatWaiting(stats.data?.get(destination.id)?.waiting)
  return (
    <ConfirmDialog
      title={`Delete ${destination.name}?`}
      verb="Delete the destination"
      danger
      onConfirm={() => api.deleteDestination(destination.id)}
      onDone={() => {
        void client.invalidateQueries({ queryKey: ['destinations'] })
        void navigate({ to: '/destinations' })
      }}
      onClose={onClose}
    >
      Deletes its secrets permanently. {waitingText} This cannot be undone.
    </ConfirmDialog>
  )
}

function formatWaiting(waiting: number | undefined): string {
  if (waiting === undefined) return 'Its unfinished deliveries become dead letters.'
  if (waiting === 0) return 'It has no unfinished deliveries.'
  return waiting === 1
    ? 'Its one unfinished delivery becomes a dead letter.'
    : `Its ${formatNumber(waiting)} unfinished deliveries become dead letters.`
}
