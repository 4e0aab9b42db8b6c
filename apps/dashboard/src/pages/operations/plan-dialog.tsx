import type { PlanBody, PlanView } from '@ghostpost/delivery/contract/operations'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { formText } from '../../ui/form-text.ts'
import { formatPlanTitle, reachedOf } from './format-plan.ts'
import { operationKindNames } from './operation-kind-names.ts'
import { PlanConsequences } from './plan-consequences.tsx'
import { PlanFailure } from './plan-failure.tsx'
import { PlanOptions, type PlanRequest } from './plan-options.tsx'
import styles from './plan-dialog.module.css'

interface Planned {
  plan: PlanView
  /** What was planned, so that it can be planned again with recovered members. */
  body: PlanBody
}

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
  const [planned, setPlanned] = useState<Planned | null>(null)
  const title = planned ? formatPlanTitle(planned.plan) : `${operationKindNames[request.kind]}: ${subject}`
  return (
    <Dialog title={title} wide onClose={onClose}>
      {planned ? (
        <Review planned={planned} onPlan={setPlanned} onBack={() => setPlanned(null)} onClose={onClose} />
      ) : (
        <PlanOptions
          request={request}
          onPlan={(plan, body) => setPlanned({ plan, body })}
          onClose={onClose}
        />
      )}
    </Dialog>
  )
}

interface ReviewProps {
  planned: Planned
  onPlan: (planned: Planned) => void
  onBack: () => void
  onClose: () => void
}

function Review({ planned, onPlan, onBack, onClose }: ReviewProps) {
  const { plan } = planned
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
  const emptyRefusal = refusalFor(plan)
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (emptyRefusal === null) start.mutate(formText(new FormData(event.currentTarget), 'reason'))
      }}
    >
      <PlanConsequences plan={plan} />
      <IncludeRecovered planned={planned} onPlan={onPlan} />
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

function refusalFor(plan: PlanView): string | null {
  if (plan.matched === 0) return 'The plan matches nothing.'
  return reachedOf(plan) === 0 ? 'The plan skips everything that matches.' : null
}

/** A copy of these members was delivered. Sending them again is a choice, and the plan is made again for it. */
function IncludeRecovered({ planned: { plan, body }, onPlan }: Pick<ReviewProps, 'planned' | 'onPlan'>) {
  const again = useMutation({
    mutationFn: api.planOperation,
    onSuccess: (next, nextBody) => onPlan({ plan: next, body: nextBody }),
  })
  const recovered = plan.will_skip.find(({ reason }) => reason === 'recovered')?.count ?? 0
  const isIncluded = body.include_recovered === true
  if (recovered === 0 && !isIncluded) return null
  return (
    <>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={isIncluded}
          disabled={again.isPending}
          onChange={() => again.mutate({ ...body, include_recovered: !isIncluded })}
        />
        <span>
          <b>Also send recovered deliveries</b>
          {recovered > 0 && `: a copy of ${recovered} was delivered`}. Their receivers get them again.
        </span>
      </label>
      {again.error && <PlanFailure error={again.error} />}
    </>
  )
}
