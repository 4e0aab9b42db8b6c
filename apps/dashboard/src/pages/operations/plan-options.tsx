import type { PlanBody, PlanView } from '@ghostpost/delivery/contract/operations'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { DialogActions } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { formText } from '../../ui/form-text.ts'
import { PlanFailure } from './plan-failure.tsx'
import styles from './plan-dialog.module.css'

const rateDefault = 50
const rateMax = 10_000

export type PlanRequest = Pick<
  PlanBody,
  'siteId' | 'kind' | 'filter' | 'delivery_ids' | 'visitors' | 'destination_id'
>

interface PlanOptionsProps {
  request: PlanRequest
  onPlan: (plan: PlanView, body: PlanBody) => void
  onClose: () => void
}

/** What the operation does, where and how fast. A cancellation needs none of it. */
export function PlanOptions({ request, onPlan, onClose }: PlanOptionsProps) {
  const [kind, setKind] = useState(request.kind)
  const createPlan = useMutation({
    mutationFn: api.planOperation,
    onSuccess: (plan, body) => onPlan(plan, body),
  })
  const submit = (form: FormData): void => {
    const destination = formText(form, 'destination')
    createPlan.mutate({
      ...request,
      kind,
      ...(destination !== '' && { destination_id: destination }),
      ...(kind !== 'cancel' && { rate: Number(formText(form, 'rate')), canary: form.has('canary') }),
    })
  }
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        submit(new FormData(event.currentTarget))
      }}
    >
      {(kind === 'resend' || kind === 're_export') && <Kinds kind={kind} choose={setKind} />}
      {(kind === 're_export' || kind === 'export') && (
        <Destination siteId={request.siteId ?? 0} isRequired={kind === 'export'} />
      )}
      {kind === 'cancel' ? (
        <p>Deliveries that a worker is sending at that moment are not cancelled.</p>
      ) : (
        <Pace />
      )}
      {createPlan.error && <PlanFailure error={createPlan.error} />}
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
        <Button type="submit" look="primary" busy={createPlan.isPending}>
          {createPlan.isPending ? 'Planning …' : 'Preview the plan'}
        </Button>
      </DialogActions>
    </form>
  )
}

type ReplayKind = 'resend' | 're_export'

function Kinds({ kind, choose }: { kind: ReplayKind; choose: (kind: ReplayKind) => void }) {
  return (
    <fieldset className={styles.kinds}>
      <legend>What to send</legend>
      <label>
        <input type="radio" name="kind" checked={kind === 'resend'} onChange={() => choose('resend')} />
        <span>
          <b>Resend</b>: the stored payload with the same webhook-id. A receiver can deduplicate by the id.
        </span>
      </label>
      <label>
        <input type="radio" name="kind" checked={kind === 're_export'} onChange={() => choose('re_export')} />
        <span>
          <b>Re-export</b>: the visitors’ current profiles, as new deliveries.
        </span>
      </label>
    </fieldset>
  )
}

function Destination({ siteId, isRequired }: { siteId: number; isRequired: boolean }) {
  const destinations = useQuery({
    queryKey: ['destinations', siteId],
    queryFn: () => api.listDestinations(siteId),
  })
  const usable = (destinations.data?.items ?? []).filter(({ state }) => state === 'enabled')
  return (
    <Field label="Send to">
      {(id) => (
        <select id={id} name="destination" required={isRequired}>
          <option value="">{isRequired ? 'Choose a destination' : 'where each went before'}</option>
          {usable.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name} ({one.webhook_type})
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

function Pace() {
  return (
    <>
      <Field
        label="Maximum deliveries per second"
        hint="Operations do not slow down live traffic: it has its own lane."
      >
        {(id, hint) => (
          <input
            id={id}
            name="rate"
            type="number"
            min={1}
            max={rateMax}
            defaultValue={rateDefault}
            required
            aria-describedby={hint}
          />
        )}
      </Field>
      <label className={styles.check}>
        <input type="checkbox" name="canary" defaultChecked />
        <span>
          <b>Canary</b>: send ten first, and pause the operation when more than two of them fail.
        </span>
      </label>
    </>
  )
}
