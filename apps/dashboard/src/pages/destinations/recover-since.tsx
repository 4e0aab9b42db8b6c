import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import { useState } from 'react'
import { useRefusal } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { PlanDialog } from '../operations/plan-dialog.tsx'

const hourMs = 3_600_000
/** By number of hours; 0: since the beginning. */
const periods = { '1': 'the last hour', '24': 'the last day', '168': 'the last week', '0': 'ever' }

/** Sends what failed at this destination since a time again. */
export function RecoverSince({ destination }: { destination: DestinationView }) {
  const { id, siteId, name } = destination
  const [hours, setHours] = useState<string | null>(null)
  const [isOpen, setOpen] = useState(false)
  const refusal = useRefusal('operator')
  const close = (): void => {
    setOpen(false)
    setHours(null)
  }
  return (
    <>
      <Button refusal={refusal} onClick={() => setOpen(true)}>
        Recover …
      </Button>
      {isOpen && hours === null && (
        <FormDialog
          title={`Recover what failed at ${name}`}
          verb="Continue"
          request={{ isPending: false, error: null }}
          onSubmit={(fieldText) => setHours(fieldText('hours'))}
          onClose={close}
        >
          <Field label="Dead letters created in" hint="The next step shows what would be sent.">
            {(fieldId, hint) => (
              <select id={fieldId} name="hours" defaultValue="24" aria-describedby={hint}>
                {Object.entries(periods).map(([value, text]) => (
                  <option key={value} value={value}>
                    {text}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </FormDialog>
      )}
      {isOpen && hours !== null && (
        <PlanDialog
          subject={`dead letters of ${name}`}
          request={{ siteId, kind: 're_export', filter: filterOf(id, Number(hours)) }}
          onClose={close}
        />
      )}
    </>
  )
}

function filterOf(id: string, hours: number): { destination_id: string; status: 'failed'; from?: string } {
  const from = hours === 0 ? {} : { from: new Date(Date.now() - hours * hourMs).toISOString() }
  return { destination_id: id, status: 'failed', ...from }
}
