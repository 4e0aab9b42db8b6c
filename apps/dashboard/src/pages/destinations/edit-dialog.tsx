import type { DestinationChanges, DestinationView } from '@ghostpost/delivery/contract/destination'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
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
  const submit = (fieldText: (name: string) => string): void => {
    const read = readSettings(destination.webhook_type, fieldText)
    setProblem('problem' in read ? read.problem : null)
    if ('problem' in read) return
    const { options, ...settings } = read.settings
    // Secrets that cannot be decrypted allow no change of options.
    const isChanged = JSON.stringify(options) !== JSON.stringify(destination.options)
    save.mutate({ ...settings, ...(isChanged && { options }) })
  }
  return (
    <FormDialog
      title={`Edit ${destination.name}`}
      wide
      verb="Save"
      request={save}
      onSubmit={submit}
      onClose={onClose}
    >
      <DestinationFields
        draft={draftOf(destination)}
        type={destination.webhook_type}
        current={destination.credentials}
        isNew={false}
      />
      {problem !== null && <Notice tone="bad">{problem}</Notice>}
    </FormDialog>
  )
}
