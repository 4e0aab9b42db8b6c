import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { api } from '../../api.ts'
import { Field } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'

/** Exports the visitor's current profile to a saved destination. */
export function ExportDialog(props: { vid: string; siteId: number; onClose: () => void }) {
  const { vid, siteId, onClose } = props
  const navigate = useNavigate()
  const client = useQueryClient()
  const destinations = useQuery({
    queryKey: ['destinations', siteId],
    queryFn: () => api.listDestinations(siteId),
  })
  const send = useMutation({
    mutationFn: (destinationId: string) =>
      api.exportVisitor({ ghost_vid: vid, destination_id: destinationId, siteId }),
    onSuccess: ({ delivery_id: id }) => {
      void client.invalidateQueries({ queryKey: ['deliveries'] })
      onClose()
      void navigate({ to: '/deliveries/$id', params: { id } })
    },
  })
  const usable = (destinations.data?.items ?? []).filter(({ state }) => state !== 'disabled')
  const refusal = usable.length === 0 ? 'There is no enabled destination.' : null
  return (
    <FormDialog
      title={`Export ${vid}`}
      verb="Export"
      request={send}
      refusal={refusal}
      onSubmit={(fieldText) => send.mutate(fieldText('destination'))}
      onClose={onClose}
    >
      <Field label="Destination">
        {(id) => (
          <select id={id} name="destination" required>
            {usable.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name} ({one.webhook_type}){one.state === 'paused' ? ', paused: the delivery waits' : ''}
              </option>
            ))}
          </select>
        )}
      </Field>
      {destinations.isSuccess && refusal !== null && (
        <p>
          {refusal} <Link to="/destinations">Save a destination first</Link>
        </p>
      )}
    </FormDialog>
  )
}
