import type { AlertRuleView } from '@ghostpost/delivery/contract/alerts'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type TestedAlert } from '../../api.ts'
import { useRefusal } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { AlertTestResult } from './alert-test-result.tsx'

export function AlertActions({ rule }: { rule: AlertRuleView }) {
  const [open, setOpen] = useState<'test' | 'delete' | null>(null)
  const refusal = useRefusal('operator')
  const close = (): void => setOpen(null)
  return (
    <>
      <Button refusal={refusal} aria-label={`Test ${rule.name}`} onClick={() => setOpen('test')}>
        Test
      </Button>{' '}
      <Button refusal={refusal} aria-label={`Delete ${rule.name}`} onClick={() => setOpen('delete')}>
        Delete
      </Button>
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
