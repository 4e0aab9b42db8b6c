import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { Dialog, DialogActions } from './dialog.tsx'
import { FailureNotice } from './failure-notice.tsx'

interface ConfirmDialogProps<T> {
  title: string
  /** Text of the button: the action itself, never "OK". */
  verb: string
  danger?: boolean
  onConfirm: () => Promise<T>
  onDone: (result: T) => void
  onClose: () => void
  children: ReactNode
}

/** Describes an action and runs it on confirmation. Shows the API's refusal in the dialog. */
export function ConfirmDialog<T>(props: ConfirmDialogProps<T>) {
  const { title, verb, danger = false, onConfirm, onDone, onClose, children } = props
  const mutation = useMutation({ mutationFn: onConfirm, onSuccess: onDone })
  return (
    <Dialog title={title} onClose={onClose}>
      <div>{children}</div>
      {mutation.error && <FailureNotice error={mutation.error} />}
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
        <Button
          look={danger ? 'danger' : 'primary'}
          busy={mutation.isPending}
          onClick={() => mutation.mutate()}
        >
          {verb}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
