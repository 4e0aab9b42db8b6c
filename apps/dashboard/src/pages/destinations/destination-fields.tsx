import { destinationTraits, type CredentialKind, type WebhookType } from '@ghostpost/client'
import { Field } from '../../ui/field.tsx'
import { CredentialFields } from './credential-fields.tsx'
import type { DestinationDraft } from './destination-draft.ts'

interface DestinationFieldsProps {
  draft: DestinationDraft
  kind: WebhookType
  /** The credentials that are set now. */
  current: CredentialKind | null
  isNew: boolean
}

/** What can be set when a destination is made and later. Secrets go in and never come out. */
export function DestinationFields({ draft, kind, current, isNew }: DestinationFieldsProps) {
  const { urlHelp } = destinationTraits[kind]
  const keepHint = isNew ? '' : ' Leave it empty to keep what is set.'
  return (
    <>
      <Field label="Name">
        {(id) => (
          <input id={id} name="name" required maxLength={100} defaultValue={draft.name} autoComplete="off" />
        )}
      </Field>
      <Field
        label="Address (URL)"
        hint={`${urlHelp} Kept encrypted; only its host is shown later.${keepHint}`}
      >
        {(id, hint) => (
          <input id={id} name="url" type="url" required={isNew} aria-describedby={hint} autoComplete="off" />
        )}
      </Field>
      <CredentialFields kind={kind} current={current} />
      <Field label="Headers" hint={`One a line, as “x-api-key: …”. Kept encrypted.${keepHint}`}>
        {(id, hint) => (
          <textarea id={id} name="headers" rows={2} aria-describedby={hint} spellCheck={false} />
        )}
      </Field>
      <Field
        label="Retry schedule"
        hint="The wait before attempt 1, 2, 3 …, as in “0s 5s 5m 1h”. Empty: the installation’s."
      >
        {(id, hint) => (
          <input
            id={id}
            name="schedule"
            defaultValue={draft.schedule}
            aria-describedby={hint}
            autoComplete="off"
          />
        )}
      </Field>
      <Field label="Rate limit" hint={rateHint(kind)}>
        {(id, hint) => (
          <input id={id} name="rate" defaultValue={draft.rate} aria-describedby={hint} autoComplete="off" />
        )}
      </Field>
      <Field label="Requests at once, at most" hint="Empty: the installation’s.">
        {(id, hint) => (
          <input
            id={id}
            name="concurrency"
            type="number"
            min={1}
            max={1_000}
            defaultValue={draft.concurrency}
            aria-describedby={hint}
          />
        )}
      </Field>
    </>
  )
}

function rateHint(kind: WebhookType): string {
  const { label, suggestedRateLimit: suggested } = destinationTraits[kind]
  const suggestion = suggested
    ? ` ${label} accepts ${suggested.requests} per ${suggested.per_seconds} s.`
    : ''
  return `As in “100 per 60 s”. Empty: none.${suggestion}`
}
