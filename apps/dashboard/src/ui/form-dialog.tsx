import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { Dialog, DialogActions } from './dialog.tsx'
import { FailureNotice } from './failure-notice.tsx'
import { formText } from './form-text.ts'

interface FormDialogProps {
  title: string
  wide?: boolean
  /** Text of the submit button: the action itself, never "OK". */
  verb: string
  /** The request that submitting starts. */
  request: { isPending: boolean; error: Error | null }
  /** Why the form cannot be submitted now; null when it can. */
  refusal?: string | null
  /** @param fieldText reads a field by its name; empty when the form has no such field */
  onSubmit: (fieldText: (name: string) => string) => void
  onClose: () => void
  children: ReactNode
}

/** A dialog around a form: its fields, the error of the last try, and the buttons. */
export function FormDialog(props: FormDialogProps) {
  const { title, wide = false, verb, request, refusal = null, onSubmit, onClose, children } = props
  return (
    <Dialog title={title} wide={wide} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const form = new FormData(event.currentTarget)
          if (refusal === null) onSubmit((name) => formText(form, name))
        }}
      >
        {children}
        {request.error && <FailureNotice error={request.error} />}
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" refusal={refusal} busy={request.isPending}>
            {verb}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
