import type { AlertRuleView } from '@ghostpost/delivery/contract/alerts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type TestedAlert } from '../../api.ts'
import { useRefusal } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { AlertTestResult } from './alert-test-result.tsx'
import { EditAlertDialog } from './edit-alert-dialog.tsx'

export function AlertActions({ rule }: { rule: AlertRuleView }) {
  const [open, setOpen] = useState<'edit' | 'test' | 'delete' | null>(null)
  const refusal = useRefusal('operator')
  const client = useQueryClient()
  const close = (): void => setOpen(null)
  const mute = useMutation({
    mutationFn: () => api.changeAlertRule(rule.id, { enabled: !rule.enabled }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['alert-rules'] }),
  })
  return (
    <>
      <Button refusal={refusal} aria-label={`Edit ${rule.name}`} onClick={() => setOpen('edit')}>
        Edit
      </Button>{' '}
      <Button
        refusal={refusal}
        busy={mute.isPending}
        aria-label={`${rule.enabled ? 'Mute' : 'Unmute'} ${rule.name}`}
        onClick={() => mute.mutate()}
      >
        {rule.enabled ? 'Mute' : 'Unmute'}
      </Button>{' '}
      <Button refusal={refusal} aria-label={`Test ${rule.name}`} onClick={() => setOpen('test')}>
        Test
      </Button>{' '}
      <Button refusal={refusal} aria-label={`Delete ${rule.name}`} onClick={() => setOpen('delete')}>
        Delete
      </Button>
      {mute.error && <FailureNotice error={mute.error} />}
      {open === 'edit' && <EditAlertDialog rule={rule} onClose={close} />}
      {open === 'test' && <TestDialog rule={rule} onClose={close} />}
      {open === 'delete' && <DeleteDialog rule={rule} onClose={close} />}
    </>
  )
}

interface DialogProps {
  rule: AlertRuleView
  onClose: () => void
}

function TestDialog({ rule, onClose }: DialogProps) {
  const [tested, setTested] = useState<TestedAlert | null>(null)
  if (tested) return <AlertTestResult tested={tested} onClose={onClose} />
  return (
    <ConfirmDialog
      title={`Test ${rule.name}?`}
      verb="Send the test"
      onConfirm={() => api.testAlertRule(rule.id)}
      onDone={setTested}
      onClose={onClose}
    >
      Sends a notification with the current value, marked as a test, to all recipients of the rule. The state
      of the rule does not change.
    </ConfirmDialog>
  )
}

function DeleteDialog({ rule, onClose }: DialogProps) {
  const client = useQueryClient()
  return (
    <ConfirmDialog
      title={`Delete ${rule.name}?`}
      verb="Delete the alert"
      danger
      onConfirm={() => api.deleteAlertRule(rule.id)}
      onDone={() => void client.invalidateQueries({ queryKey: ['alert-rules'] })}
      onClose={onClose}
    >
      The rule sends no more notifications. Notifications already sent stay in the delivery log.
    </ConfirmDialog>
  )
}
