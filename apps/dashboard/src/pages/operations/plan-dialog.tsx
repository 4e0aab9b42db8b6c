import type { PlanBody, PlanView } from '@ghostpost/delivery/contract/operations'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../api.ts'
import { ApiProblem } from '@ghostpost/client'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Field } from '../../ui/field.tsx'
import { formText } from '../../ui/form-text.ts'
import { operationKindNames } from './operation-kind-names.ts'
import { PlanConsequences } from './plan-consequences.tsx'
import styles from './plan-dialog.module.css'

const rateDefault = 50
const rateMax = 10_000

type PlanRequest = Pick<PlanBody, 'siteId' | 'kind' | 'filter' | 'delivery_ids'>

/**
 * Plans an operation, shows what it would do, and starts it.
 * @param subject the selection in words, as `3,412 deliveries`
 */
export function PlanDialog({
  subject,
  request,
  onClose,
}: {
  subject: string
  request: PlanRequest
  onClose: () => void
}) {
  const [plan, setPlan] = useState<PlanView | null>(null)
  const title = `${operationKindNames[request.kind]}: ${subject}`
  return (
    <Dialog title={title} wide onClose={onClose}>
      {plan ? (
        <Review plan={plan} onBack={() => setPlan(null)} onClose={onClose} />
      ) : (
        <Options request={request} onPlan={setPlan} onClose={onClose} />
      )}
    </Dialog>
  )
}

function Options({
  request,
  onPlan,
  onClose,
}: {
  request: PlanRequest
  onPlan: (plan: PlanView) => void
  onClose: () => void
}) {
  const createPlan = useMutation({ mutationFn: api.planOperation, onSuccess: onPlan })
  const submit = (form: FormData): void => {
    const kind = formText(form, 'kind') === 're_export' ? 're_export' : 'resend'
    createPlan.mutate({ ...request, kind, rate: Number(formText(form, 'rate')), canary: form.has('canary') })
  }
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        submit(new FormData(event.currentTarget))
      }}
    >
      <Kinds chosen={request.kind} />
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

function Kinds({ chosen }: { chosen: PlanRequest['kind'] }) {
  return (
    <fieldset className={styles.kinds}>
      <legend>What to send</legend>
      <label>
        <input type="radio" name="kind" value="resend" defaultChecked={chosen === 'resend'} />
        <span>
          <b>Resend</b>: the stored payload with the same webhook-id. A receiver can deduplicate by the id.
        </span>
      </label>
      <label>
        <input type="radio" name="kind" value="re_export" defaultChecked={chosen === 're_export'} />
        <span>
          <b>Re-export</b>: the visitors’ current profiles, as new deliveries.
        </span>
      </label>
    </fieldset>
  )
}

function Review({ plan, onBack, onClose }: { plan: PlanView; onBack: () => void; onClose: () => void }) {
  const navigate = useNavigate()
  const client = useQueryClient()
  const start = useMutation({
    mutationFn: (reason: string) => api.startOperation(plan.operation.operation_id, reason),
    onSuccess: ({ operation_id: id }) => {
      void client.invalidateQueries({ queryKey: ['operations'] })
      onClose()
      void navigate({ to: '/operations/$id', params: { id } })
    },
  })
  const emptyRefusal = plan.matched === 0 ? 'The plan matches no delivery.' : null
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (emptyRefusal === null) start.mutate(formText(new FormData(event.currentTarget), 'reason'))
      }}
    >
      <PlanConsequences plan={plan} />
      <Field label="Reason (stored with the operation)">
        {(id) => <input id={id} name="reason" maxLength={500} autoComplete="off" />}
      </Field>
      {start.error && <PlanFailure error={start.error} />}
      <DialogActions>
        <Button onClick={onBack}>Back</Button>
        <Button type="submit" look="primary" busy={start.isPending} refusal={emptyRefusal}>
          {start.isPending ? 'Starting …' : 'Start'}
        </Button>
      </DialogActions>
    </form>
  )
}

/** The API refuses a second operation with the same selection; the error names the running one. */
function PlanFailure({ error }: { error: Error }) {
  const running =
    error instanceof ApiProblem && error.code === 'operation_running'
      ? idIn(error.details[0]?.expected)
      : undefined
  const navigate = useNavigate()
  return (
    <>
      <FailureNotice error={error} />
      {running !== undefined && (
        <Button onClick={() => void navigate({ to: '/operations/$id', params: { id: running } })}>
          Show the running operation
        </Button>
      )}
    </>
  )
}

function idIn(text = ''): string | undefined {
  return /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(text)?.[0]
}
