import type { FailureChanges, FailureGroup } from '@ghostpost/delivery/contract/failures'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Field } from '../../ui/field.tsx'
import { formText } from '../../ui/form-text.ts'
import { failureStates, type FailureState } from './failure-states.ts'

const hour = 3_600_000

const meanings: Readonly<Record<FailureState, string>> = {
  open: 'Open: nobody has looked yet',
  acknowledged: 'Acknowledged: somebody works on it',
  ignored: 'Ignored for a time',
  resolved: 'Resolved: opens again with the next failure',
}

const spans = { '1': 'an hour', '24': 'a day', '168': 'a week', '720': '30 days' }

/** What people know of a group: its state and a note. */
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
  const submit = (form: FormData): void => {
    const until = new Date(Date.now() + Number(formText(form, 'span')) * hour).toISOString()
    const note = formText(form, 'note').trim()
    save.mutate({
      state,
      note: note === '' ? null : note,
      ...(state === 'ignored' && { ignored_until: until }),
    })
  }
  return (
    <Dialog title="State of this group" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit(new FormData(event.currentTarget))
        }}
      >
        <StateFields state={state} choose={setState} />
        <Field label="Note">
          {(id) => (
            <textarea id={id} name="note" rows={3} maxLength={1_000} defaultValue={group.note ?? ''} />
          )}
        </Field>
        {save.error && <FailureNotice error={save.error} />}
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" busy={save.isPending}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
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
                {meanings[one]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {state === 'ignored' && (
        <Field label="For">
          {(id) => (
            <select id={id} name="span" defaultValue="24">
              {Object.entries(spans).map(([hours, text]) => (
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
