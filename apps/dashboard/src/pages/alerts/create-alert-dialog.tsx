import { destinationTraits } from '@ghostpost/client'
import type { AlertRuleBody } from '@ghostpost/delivery/contract/alerts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { formText } from '../../ui/form-text.ts'
import { readAlertRule } from './read-alert-rule.ts'
import { AlertFields } from './alert-fields.tsx'

export function CreateAlertDialog({ siteId, onClose }: { siteId: number; onClose: () => void }) {
  const [kind, setKind] = useState<AlertRuleBody['kind']>('failure_rate')
  const client = useQueryClient()
  const destinations = useQuery({
    queryKey: ['destinations', siteId],
    queryFn: () => api.listDestinations(siteId),
  })
  const create = useMutation({
    mutationFn: api.createAlertRule,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['alert-rules'] })
      onClose()
    },
  })
  const readableDestinations =
    destinations.data?.items.filter(({ webhook_type: type }) => destinationTraits[type].showsAlerts) ?? []
  return (
    <Dialog title="New alert" wide onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const form = new FormData(event.currentTarget)
          create.mutate(readAlertRule((name) => formText(form, name), siteId))
        }}
      >
        <AlertFields kind={kind} setKind={setKind} destinations={readableDestinations} />
        {create.error && <FailureNotice error={create.error} />}
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" busy={create.isPending}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
