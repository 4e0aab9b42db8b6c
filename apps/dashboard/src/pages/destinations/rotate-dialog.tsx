import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { NewSecret } from './new-secret.tsx'
import { SigningField } from './signing-field.tsx'

type Signing = 'hmac' | 'ed25519' | null

/** Creates a new signing secret or key. The old one stays valid for 24 hours. */
export function RotateDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const client = useQueryClient()
  const rotate = useMutation({
    mutationFn: (signing: Signing) => api.rotateSecret(id, signing),
    onSuccess: ({ destination }) => client.setQueryData(['destination', id], destination),
  })
  if (rotate.data) {
    const { destination, signing_secret: secret } = rotate.data
    return (
      <Dialog title="New signing secret" onClose={onClose}>
        <NewSecret secret={secret} publicKeys={destination.signing_public_keys} />
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
        </DialogActions>
      </Dialog>
    )
  }
  return (
    <FormDialog
      title="Create a new signing secret?"
      verb="Create the secret"
      request={rotate}
      onSubmit={(fieldText) => {
        const signing = fieldText('signing')
        rotate.mutate(signing === '' ? null : (signing as Signing))
      }}
      onClose={onClose}
    >
      <p>Requests carry both signatures for 24 hours, so that the receiver can change over.</p>
      <SigningField allowUnchanged />
    </FormDialog>
  )
}
