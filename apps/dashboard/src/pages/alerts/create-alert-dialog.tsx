import type { AlertRuleBody } from '@ghostpost/delivery/contract/alerts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { AlertFields } from './alert-fields.tsx'
import { readAlertRule } from './read-alert-rule.ts'

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
  return (
    <FormDialog
      title="New alert"
      wide
      verb="Save"
      request={create}
      onSubmit={(fieldText) => create.mutate(readAlertRule(fieldText, siteId))}
      onClose={onClose}
    >
      <AlertFields kind={kind} setKind={setKind} destinations={destinations.data?.items ?? []} />
    </FormDialog>
  )
}
