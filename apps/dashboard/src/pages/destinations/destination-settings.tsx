import { credentialForms, destinationTraits } from '@ghostpost/client'
import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { destinationTypeLabels } from '../../ui/destination-types.ts'
import { Time } from '../../ui/time.tsx'
import { draftOf } from './destination-draft.ts'
import { optionTexts } from './read-options.ts'

const mask = '••••••••'
const installationDefault = 'the installation’s'

/** The stored settings. Secrets are masked. */
export function DestinationSettings({ destination }: { destination: DestinationView }) {
  const draft = draftOf(destination)
  const { header_names: names, credentials, webhook_type: type } = destination
  return (
    <Facts>
      {destination.unreadable !== null && (
        <Facts.Row name="Unreadable">
          {destination.unreadable} Nothing can be sent until the key is restored, or the URL and all secrets
          are given again.
        </Facts.Row>
      )}
      <Facts.Row name="Type">{destinationTypeLabels[type]}</Facts.Row>
      <Facts.Row name="URL">
        {destination.receiver}/{mask}
      </Facts.Row>
      <Facts.Row name="Headers">
        {names.length === 0 ? 'none' : names.map((name) => `${name}: ${mask}`).join(', ')}
      </Facts.Row>
      {credentials !== null && (
        <Facts.Row name="Credentials">
          {credentialForms[credentials].label}: {mask}
        </Facts.Row>
      )}
      {optionTexts(destination.options).length > 0 && (
        <Facts.Row name="Options">{optionTexts(destination.options).join(', ')}</Facts.Row>
      )}
      {destinationTraits[type].mapping && (
        <Facts.Row name="Mapping">{mappingText(destination.mapping)}</Facts.Row>
      )}
      {destinationTraits[type].signed && (
        <Facts.Row name="Signatures">
          <Signatures destination={destination} />
        </Facts.Row>
      )}
      <Facts.Row name="Retry schedule">{draft.schedule || installationDefault}</Facts.Row>
      <Facts.Row name="Rate limit">{draft.rate || 'none'}</Facts.Row>
      <Facts.Row name="Maximum concurrent requests">{draft.concurrency || installationDefault}</Facts.Row>
      <Facts.Row name="Created">
        <Time at={destination.created_at} />
      </Facts.Row>
      <Facts.Row name="Changed">
        <Time at={destination.updated_at} />
      </Facts.Row>
    </Facts>
  )
}

function mappingText(mapping: DestinationView['mapping']): string {
  if (mapping === null) return 'the documented payload'
  const { fields = [], language, title } = mapping
  return [
    ...(fields.length === 0 ? [] : [fields.map(({ to, from }) => to ?? from ?? '').join(', ')]),
    ...(title === undefined ? [] : [`title “${title}”`]),
    ...(language === undefined ? [] : [`language ${language}`]),
  ].join('; ')
}

/** Shows public keys in full and only the number of secrets. */
function Signatures({ destination }: { destination: DestinationView }) {
  const { signing_public_keys: keys, signing_secrets: secrets } = destination
  if (keys.length === 0)
    return secrets === 0
      ? 'none'
      : `${mask} (${secrets === 1 ? 'one secret' : `${secrets} secrets, during a rotation`})`
  return keys.map((key) => (
    <span key={key}>
      ed25519, public key <code>{key}</code> <CopyButton compact label="Copy the public key" text={key} />
    </span>
  ))
}
