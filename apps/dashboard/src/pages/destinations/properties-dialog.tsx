import { useState } from 'react'
import { api } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'

type CreatedProperties = Awaited<ReturnType<typeof api.createHubspotProperties>>

/** Creates the contact properties that exports write to. */
export function PropertiesDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const [result, setResult] = useState<CreatedProperties | null>(null)
  if (result) {
    return (
      <Dialog title="Contact properties" onClose={onClose}>
        <Notice tone="good">{formatCreated(result)}</Notice>
        {result.unfit.map((problem) => (
          <Notice key={problem} tone="warn">
            {problem}
          </Notice>
        ))}
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
        </DialogActions>
      </Dialog>
    )
  }
  return (
    <ConfirmDialog
      title="Create the contact properties?"
      verb="Create the properties"
      onConfirm={() => api.createHubspotProperties(id)}
      onDone={setResult}
      onClose={onClose}
    >
      Creates the contact properties that exports write to, where they are missing. The token needs the scope
      crm.schemas.contacts.write.
    </ConfirmDialog>
  )
}

function formatCreated({ created, existing }: CreatedProperties): string {
  const existingText = existing.length === 0 ? '' : ` ${existing.length} existed before.`
  return created.length === 0
    ? `No property was missing.${existingText}`
    : `Created: ${created.join(', ')}.${existingText}`
}
