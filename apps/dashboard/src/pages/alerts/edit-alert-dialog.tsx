import type { AlertRuleView } from '@ghostpost/delivery/contract/alerts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { AlertFields } from './alert-fields.tsx'
import { readAlertChanges } from './read-alert-rule.ts'

/** Changes everything but the kind of a rule. */
export function EditAlertDialog({ rule, onClose }: { rule: AlertRuleView; onClose: () => void }) {
  const client = useQueryClient()
  const destinations = useQuery({
    queryKey: ['destinations', rule.siteId],
    queryFn: () => api.listDestinations(rule.siteId),
  })
  const save = useMutation({
    mutationFn: (changes: ReturnType<typeof readAlertChanges>) => api.changeAlertRule(rule.id, changes),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['alert-rules'] })
      onClose()
    },
  })
  // The choices of the form need the destinations.
  if (destinations.isPending) return null
  return (
    <FormDialog
      title={`Edit ${rule.name}`}
      wide
      verb="Save"
      request={save}
      onSubmit={(fieldText) => save.mutate(readAlertChanges(fieldText, rule))}
      onClose={onClose}
    >
      <AlertFields kind={rule.kind} rule={rule} destinations={destinations.data?.items ?? []} />
    </FormDialog>
  )
}
