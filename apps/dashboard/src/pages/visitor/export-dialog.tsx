import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { api } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Field } from '../../ui/field.tsx'
import { formText } from '../../ui/form-text.ts'

/** Sends the visitor, as they are now, to a saved destination. */
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
  const refusal = usable.length === 0 ? 'No destination is saved that could be sent to.' : null
  return (
    <Dialog title={`Export ${vid}`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (refusal === null) send.mutate(formText(new FormData(event.currentTarget), 'destination'))
        }}
      >
        <Field label="To">
          {(id) => (
            <select id={id} name="destination" required>
              {usable.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name} ({one.webhook_type}){one.state === 'paused' ? ', paused: it will wait' : ''}
                </option>
              ))}
            </select>
          )}
        </Field>
        {destinations.isSuccess && refusal !== null && (
          <p>
            {refusal} <Link to="/destinations">Save one first</Link>
          </p>
        )}
        {send.error && <FailureNotice error={send.error} />}
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" refusal={refusal} busy={send.isPending}>
            Export
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
