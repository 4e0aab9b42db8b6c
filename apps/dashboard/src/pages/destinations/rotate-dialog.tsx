import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { formText } from '../../ui/form-text.ts'
import { NewSecret } from './new-secret.tsx'
import { SigningField } from './signing-field.tsx'

type Signing = 'hmac' | 'ed25519' | null

/** A new secret or key, which the receiver has a day to change over to. */
export function RotateDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const client = useQueryClient()
  const rotate = useMutation({
    mutationFn: (signing: Signing) => api.rotateSecret(id, signing),
    onSuccess: ({ destination }) => client.setQueryData(['destination', id], destination),
  })
  if (rotate.data) {
    const { destination, signing_secret: secret } = rotate.data
    return (
      <Dialog title="The new signature" onClose={onClose}>
        <NewSecret secret={secret} publicKeys={destination.signing_public_keys} />
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
        </DialogActions>
      </Dialog>
    )
  }
  return (
    <Dialog title="Make a new signing secret?" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const signing = formText(new FormData(event.currentTarget), 'signing')
          rotate.mutate(signing === '' ? null : (signing as Signing))
        }}
      >
        <p>The old one signs beside it for 24 hours, so that the receiver can change over.</p>
        <SigningField allowUnchanged />
        {rotate.error && <FailureNotice error={rotate.error} />}
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" busy={rotate.isPending}>
            Make a new secret
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
