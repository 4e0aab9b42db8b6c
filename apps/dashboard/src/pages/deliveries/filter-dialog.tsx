import type { ReactNode } from 'react'
import { Field } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { deliveryLooks } from '../../ui/status.tsx'
import { useZone } from '../../ui/zone.ts'
import { readFilterForm, timeInZone } from './filter-form.ts'
import styles from './filter-bar.module.css'
import type { ListSearch } from './list-search.ts'

interface FilterDialogProps {
  search: ListSearch
  change: (changes: ListSearch) => void
  onClose: () => void
}

/** The filters that need more than one choice: several states, any status code, any span of time. */
export function FilterDialog({ search, change, onClose }: FilterDialogProps) {
  const zone = useZone()
  return (
    <FormDialog
      title="More filters"
      wide
      verb="Apply"
      request={{ isPending: false, error: null }}
      onSubmit={(fieldText) => {
        change(readFilterForm(fieldText, zone))
        onClose()
      }}
      onClose={onClose}
    >
      <States chosen={search.status?.split(',') ?? []} />
      <Text
        name="response_status"
        label="Response status"
        value={search.response_status}
        hint="Any code or class, as 401, 422 or 5xx. Separate several with commas."
        pattern="\s*[1-5](\d\d|xx)(\s*,\s*[1-5](\d\d|xx))*\s*"
      />
      <Text
        name="cause"
        label="Cause"
        value={search.cause}
        hint="A cause code, as timed_out."
        pattern="\w{1,100}"
      />
      <Text name="receiver" label="Receiver" value={search.receiver} hint="The host, as hooks.example.com." />
      <Choice name="purpose" label="Purpose" value={search.purpose} options={purposes} />
      <Choice name="recovered" label="Recovered dead letters" value={search.recovered} options={recovered} />
      <Choice name="wait" label="Waits for" value={search.wait} options={waits} />
      <Time name="from" label={`Created from (${zoneName(zone)})`} value={timeInZone(search.from, zone)} />
      <Time name="to" label={`Created before (${zoneName(zone)})`} value={timeInZone(search.to, zone)} />
    </FormDialog>
  )
}

const purposes = {
  export: 'exports of visitors',
  test: 'tests of destinations',
  alert: 'alert notifications',
}
const recovered = { no: 'left out', yes: 'only them', any: 'together with all others' }
const waits = {
  due: 'a worker',
  held: 'its receiver',
  paused: 'a pause to end',
  scheduled: 'its next attempt',
}

function zoneName(zone: 'utc' | 'local'): string {
  return zone === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone
}

function States({ chosen }: { chosen: readonly string[] }) {
  return (
    <fieldset className={styles.states}>
      <legend>Status</legend>
      {Object.entries(deliveryLooks).map(([state, { text }]) => (
        <label key={state}>
          <input type="checkbox" name={`status.${state}`} defaultChecked={chosen.includes(state)} /> {text}
        </label>
      ))}
    </fieldset>
  )
}

function Text(props: {
  name: string
  label: string
  value: string | undefined
  hint: string
  pattern?: string
}) {
  const { name, label, value, hint, pattern } = props
  return (
    <Field label={label} hint={hint}>
      {(id, hintId) => (
        <input
          id={id}
          name={name}
          defaultValue={value}
          pattern={pattern}
          title={hint}
          maxLength={260}
          autoComplete="off"
          aria-describedby={hintId}
        />
      )}
    </Field>
  )
}

function Time({ name, label, value }: { name: string; label: string; value: string }): ReactNode {
  return (
    <Field label={label}>
      {(id) => <input id={id} name={name} type="datetime-local" step="1" defaultValue={value} />}
    </Field>
  )
}

function Choice(props: {
  name: string
  label: string
  value: string | undefined
  options: Readonly<Record<string, string>>
}) {
  const { name, label, value, options } = props
  return (
    <Field label={label}>
      {(id) => (
        <select id={id} name={name} defaultValue={value ?? ''}>
          <option value="">any</option>
          {Object.entries(options).map(([option, text]) => (
            <option key={option} value={option}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
