import { destinationTraits } from '@ghostpost/client'
import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import { useState } from 'react'
import { Field } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { MappingPreview } from './mapping-preview.tsx'
import { parseMapping } from './parse-mapping.ts'
import { useChange } from './use-change.ts'

interface MappingDialogProps {
  destination: DestinationView
  onClose: () => void
}

/** Edits the mapping as JSON, and previews what an export would send while one types. */
export function MappingDialog({ destination, onClose }: MappingDialogProps) {
  const { id, mapping, name, webhook_type: type } = destination
  const [text, setText] = useState(mapping === null ? '' : JSON.stringify(mapping, null, 2))
  const [visitor, setVisitor] = useState('')
  const change = useChange(id, onClose)
  const parsed = parseMapping(text)
  const problem = 'problem' in parsed ? parsed.problem : null
  return (
    <FormDialog
      title={`Mapping of ${name}`}
      wide
      verb="Save the mapping"
      request={change}
      refusal={problem}
      onSubmit={() => 'mapping' in parsed && change.mutate({ mapping: parsed.mapping })}
      onClose={onClose}
    >
      <Field
        label="Mapping"
        hint={`JSON, as in docs/mapping.md. Empty for the documented payload. ${exampleFor(type)}`}
      >
        {(fieldId, hint) => (
          <textarea
            id={fieldId}
            rows={10}
            spellCheck={false}
            aria-describedby={hint}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <Field label="Visitor of the preview" hint="Its id, as gv_…. Empty for the sample.">
        {(fieldId, hint) => (
          <input
            id={fieldId}
            aria-describedby={hint}
            autoComplete="off"
            value={visitor}
            onChange={(event) => setVisitor(event.target.value)}
          />
        )}
      </Field>
      {problem !== null && <Notice tone="bad">{problem}</Notice>}
      {'mapping' in parsed && (
        <MappingPreview id={id} type={type} mapping={parsed.mapping} visitor={visitor.trim()} />
      )}
    </FormDialog>
  )
}

function exampleFor(type: DestinationView['webhook_type']): string {
  return destinationTraits[type].mapping?.kind === 'message'
    ? 'Example: {"language": "de", "fields": [{"from": "company"}]}'
    : 'Example: {"fields": [{"to": "lead_score", "from": "score"}]}'
}
