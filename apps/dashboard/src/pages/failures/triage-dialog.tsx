import type { FailureChanges, FailureGroup } from '@ghostpost/delivery/contract/failures'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api.ts'
import { Field } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { failureStates, type FailureState } from './failure-states.ts'

const hourMs = 3_600_000

const stateTexts: Readonly<Record<FailureState, string>> = {
  open: 'Open: nobody works on it',
  acknowledged: 'Acknowledged: somebody works on it',
  ignored: 'Ignored for a time',
  resolved: 'Resolved: the next failure opens it again',
}

/** By number of hours. */
const periods = { '1': 'an hour', '24': 'a day', '168': 'a week', '720': '30 days' }

/** Changes the state and the note of a failure group. */
export function TriageDialog({ group, onClose }: { group: FailureGroup; onClose: () => void }) {
  const [state, setState] = useState<FailureState>(group.state)
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: (changes: FailureChanges) => api.changeFailure(group.fingerprint, group.siteId, changes),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['failure'] })
      void client.invalidateQueries({ queryKey: ['failures'] })
      onClose()
    },
  })
  const submit = (fieldText: (name: string) => string): void => {
    const until = new Date(Date.now() + Number(fieldText('hours')) * hourMs).toISOString()
    const note = fieldText('note').trim()
    save.mutate({
      state,
      note: note === '' ? null : note,
      ...(state === 'ignored' && { ignored_until: until }),
    })
  }
  return (
    <FormDialog
      title="State of this failure group"
      verb="Save"
      request={save}
      onSubmit={submit}
      onClose={onClose}
    >
      <StateFields state={state} choose={setState} />
      <Field label="Note">
        {(id) => <textarea id={id} name="note" rows={3} maxLength={1_000} defaultValue={group.note ?? ''} />}
      </Field>
    </FormDialog>
  )
}

function StateFields({ state, choose }: { state: FailureState; choose: (state: FailureState) => void }) {
  return (
    <>
      <Field label="State">
        {(id) => (
          <select id={id} value={state} onChange={(event) => choose(event.target.value as FailureState)}>
            {failureStates.map((one) => (
              <option key={one} value={one}>
                {stateTexts[one]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {state === 'ignored' && (
        <Field label="For">
          {(id) => (
            <select id={id} name="hours" defaultValue="24">
              {Object.entries(periods).map(([hours, text]) => (
                <option key={hours} value={hours}>
                  {text}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </>
  )
}
