import { destinationTraits, type CredentialKind, type WebhookType } from '@ghostpost/client'
import { useRefusal } from '../../session/session.ts'
import { Field } from '../../ui/field.tsx'
import { CredentialFields } from './credential-fields.tsx'
import type { DestinationDraft } from './destination-draft.ts'
import { OptionFields } from './option-fields.tsx'

interface DestinationFieldsProps {
  draft: DestinationDraft
  type: WebhookType
  /** Kind of the credentials that are stored now. */
  current: CredentialKind | null
  isNew: boolean
}

/** The settings of a new or a saved destination. The form never shows stored secrets. */
export function DestinationFields({ draft, type, current, isNew }: DestinationFieldsProps) {
  const keepHint = isNew ? '' : ' Leave it empty to keep the stored value.'
  return (
    <>
      <Field label="Name">
        {(id) => (
          <input id={id} name="name" required maxLength={100} defaultValue={draft.name} autoComplete="off" />
        )}
      </Field>
      <UrlField type={type} isNew={isNew} />
      <CredentialFields key={type} type={type} current={current} />
      <OptionFields key={`options of ${type}`} type={type} options={draft.options} />
      <Field label="Headers" hint={`One per line, as “x-api-key: …”. Stored encrypted.${keepHint}`}>
        {(id, hint) => (
          <textarea id={id} name="headers" rows={2} aria-describedby={hint} spellCheck={false} />
        )}
      </Field>
      <Field
        label="Retry schedule"
        hint="The delay before attempt 1, 2, 3 …, as “0s 5s 5m 1h”. Default: the installation’s schedule."
      >
        {(id, hint) => (
          <input
            id={id}
            name="schedule"
            defaultValue={draft.schedule}
            pattern="\s*(\d{1,6}(ms|s|m|h)(\s+|$)){1,50}"
            title="Waits with a unit, separated by spaces, as 0s 5s 5m 1h"
            aria-describedby={hint}
            autoComplete="off"
          />
        )}
      </Field>
      <Field label="Rate limit" hint={rateHint(type)}>
        {(id, hint) => (
          <input id={id} name="rate" defaultValue={draft.rate} aria-describedby={hint} autoComplete="off" />
        )}
      </Field>
      <Field label="Maximum concurrent requests" hint="Default: the installation’s limit.">
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

function UrlField({ type, isNew }: Pick<DestinationFieldsProps, 'type' | 'isNew'>) {
  const { urlHelp } = destinationTraits[type]
  const keepHint = isNew
    ? ''
    : ' Leave it empty to keep the stored value. If the scheme, host or port changes, the stored secrets do not move.'
  return (
    <>
      <Field label="URL" hint={`${urlHelp} Stored encrypted; later pages show only its host.${keepHint}`}>
        {(id, hint) => (
          <input id={id} name="url" type="url" required={isNew} aria-describedby={hint} autoComplete="off" />
        )}
      </Field>
      {!isNew && <KeepSecretsField />}
    </>
  )
}

/** For admins: the new host gets the stored secrets. */
function KeepSecretsField() {
  const refusal = useRefusal('admin')
  if (refusal !== null) return null
  return (
    <Field
      label="Keep the stored secrets"
      hint="Sends the stored headers, credentials and signatures to the new host, too."
    >
      {(id, hint) => <input id={id} name="keep" type="checkbox" aria-describedby={hint} />}
    </Field>
  )
}

function rateHint(type: WebhookType): string {
  const { label, suggestedRateLimit: suggested } = destinationTraits[type]
  const limit = suggested
    ? `${suggested.requests} per ${suggested.per_seconds} s, for the limit of ${label}`
    : 'no limit'
  return `As “100 per 60 s”. Default: ${limit}.`
}
