import type { DestinationChanges, DestinationView } from '@ghostpost/delivery/contract/destination'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { formText } from '../../ui/form-text.ts'
import { Notice } from '../../ui/notice.tsx'
import { draftOf, readSettings } from './destination-draft.ts'
import { DestinationFields } from './destination-fields.tsx'

export function EditDialog({ destination, onClose }: { destination: DestinationView; onClose: () => void }) {
  const { id } = destination
  const [problem, setProblem] = useState<string | null>(null)
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: (changes: DestinationChanges) => api.changeDestination(id, changes),
    onSuccess: (changed) => {
      client.setQueryData(['destination', id], changed)
      void client.invalidateQueries({ queryKey: ['destinations'] })
      onClose()
    },
  })
  const submit = (form: FormData): void => {
    const read = readSettings((name) => formText(form, name))
    setProblem('problem' in read ? read.problem : null)
    if (!('problem' in read)) save.mutate(read.settings)
  }
  return (
    <Dialog title={`Edit ${destination.name}`} wide onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit(new FormData(event.currentTarget))
        }}
      >
        <DestinationFields
          draft={draftOf(destination)}
          kind={destination.webhook_type}
          current={destination.credentials}
          isNew={false}
        />
        {problem !== null && <Notice tone="bad">{problem}</Notice>}
        {save.error && <FailureNotice error={save.error} />}
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" busy={save.isPending}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
