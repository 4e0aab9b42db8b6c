import { useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { isChanged, restoreForm } from '../session/form-drafts.ts'
import { useSession } from '../session/session.ts'
import { Button } from './button.tsx'
import { Dialog, DialogActions } from './dialog.tsx'
import { FailureNotice } from './failure-notice.tsx'
import { formText } from './form-text.ts'
import { Notice } from './notice.tsx'

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

/**
 * A dialog around a form: its fields, the error of the last try, and the buttons. It asks before it discards what was
 * typed, and after a new sign-in it has again what was typed when the session ended.
 */
export function FormDialog(props: FormDialogProps) {
  const { title, wide = false, verb, request, refusal = null, onSubmit, onClose, children } = props
  const {
    user: { email },
  } = useSession()
  const own = useRef<HTMLFormElement>(null)
  const [isAsking, setAsking] = useState(false)
  const [isRestored, setRestored] = useState(false)
  useLayoutEffect(() => {
    if (own.current && restoreForm(email, title, own.current)) setRestored(true)
  }, [email, title])
  const close = (): void => {
    if (own.current && isChanged(own.current) && !isAsking) setAsking(true)
    else onClose()
  }
  return (
    <Dialog title={title} wide={wide} onClose={close}>
      <form
        ref={own}
        onSubmit={(event) => {
          event.preventDefault()
          const form = new FormData(event.currentTarget)
          if (refusal === null) onSubmit((name) => formText(form, name))
        }}
      >
        {isRestored && <Notice tone="info">This is what you had typed when your session ended.</Notice>}
        {children}
        {request.error && <FailureNotice error={request.error} />}
        {isAsking ? (
          <Discard onDiscard={onClose} onKeep={() => setAsking(false)} />
        ) : (
          <DialogActions>
            <Button onClick={close}>Close</Button>
            <Button type="submit" look="primary" refusal={refusal} busy={request.isPending}>
              {verb}
            </Button>
          </DialogActions>
        )}
      </form>
    </Dialog>
  )
}

function Discard({ onDiscard, onKeep }: { onDiscard: () => void; onKeep: () => void }) {
  return (
    <>
      <Notice tone="warn">Discard what you have typed?</Notice>
      <DialogActions>
        <Button onClick={onKeep}>Keep editing</Button>
        <Button look="danger" onClick={onDiscard}>
          Discard
        </Button>
      </DialogActions>
    </>
  )
}
