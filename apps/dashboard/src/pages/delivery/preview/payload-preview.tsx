// The index is a stable key: the parts of a text never change their order.
/* oxlint-disable react/no-array-index-key */
import { destinationTraits, type WebhookType } from '@ghostpost/client'
import { Notice } from '../../../ui/notice.tsx'
import { cell, Table } from '../../../ui/table.tsx'
import { parseEmbedText, parseBlockText, type TextPiece } from './chat-text.ts'
import styles from './payload-preview.module.css'
import { readPreview, type Embed, type MessageBlock, type PreviewField } from './read-preview.ts'

interface PayloadPreviewProps {
  type: WebhookType
  payload: string
}

/** Draws the payload as the receiver shows it. All of it is text: HTML in it is not interpreted. */
export function PayloadPreview({ type, payload }: PayloadPreviewProps) {
  const preview = readPreview(type, payload)
  const { label } = destinationTraits[type]
  if (preview === null)
    return (
      <Notice tone="idle">
        There is no preview: the payload is not in the format of this destination type.
      </Notice>
    )
  if (preview.kind === 'fields') return <FieldTable object={preview.object} fields={preview.fields} />
  return (
    <div className={styles.preview}>
      {preview.kind === 'blocks' ? (
        <BlocksMessage label={label} blocks={preview.blocks} />
      ) : (
        <EmbedsMessage label={label} content={preview.content} embeds={preview.embeds} />
      )}
      {preview.warnings.map((warning) => (
        <Notice key={warning} tone="warn">
          {warning}
        </Notice>
      ))}
    </div>
  )
}

function Pieces({ pieces }: { pieces: readonly TextPiece[] }) {
  return pieces.map(({ text, look }, index) => {
    if (look === 'bold') return <b key={index}>{text}</b>
    if (look === 'italic') return <i key={index}>{text}</i>
    if (look === 'struck') return <s key={index}>{text}</s>
    if (look === 'code') return <code key={index}>{text}</code>
    return <span key={index}>{text}</span>
  })
}

function BlocksMessage({ label, blocks }: { label: string; blocks: readonly MessageBlock[] }) {
  return (
    <figure className={styles.blocks} aria-label={`As ${label} shows it`}>
      <figcaption>
        <b>incoming-webhook</b> <span className={styles.tag}>APP</span>
      </figcaption>
      {blocks.map((block, index) => (
        <BlockPart key={index} block={block} />
      ))}
    </figure>
  )
}

function BlockPart({ block }: { block: MessageBlock }) {
  switch (block.type) {
    case 'header':
      return <p className={styles.blockHeader}>{block.text}</p>
    case 'text':
      return (
        <p className={styles.lines}>
          <Pieces pieces={parseBlockText(block.text)} />
        </p>
      )
    case 'fields':
      return (
        <div className={styles.blockFields}>
          {block.fields.map((field, index) => (
            <p key={index} className={styles.lines}>
              <Pieces pieces={parseBlockText(field)} />
            </p>
          ))}
        </div>
      )
    case 'divider':
      return <hr />
    case 'other':
      return <p className={styles.soft}>Block of type {block.name}</p>
  }
}

function EmbedsMessage({
  label,
  content,
  embeds,
}: {
  label: string
  content: string
  embeds: readonly Embed[]
}) {
  return (
    <figure className={styles.embeds} aria-label={`As ${label} shows it`}>
      <figcaption>
        <b>Webhook</b> <span className={styles.tag}>APP</span>
      </figcaption>
      {content !== '' && (
        <p className={styles.lines}>
          <Pieces pieces={parseEmbedText(content)} />
        </p>
      )}
      {embeds.map((embed, index) => (
        <EmbedPart key={index} embed={embed} />
      ))}
    </figure>
  )
}

function EmbedPart({ embed: { title, description, fields } }: { embed: Embed }) {
  return (
    <div className={styles.embed}>
      {title !== '' && (
        <p className={styles.embedTitle}>
          <Pieces pieces={parseEmbedText(title)} />
        </p>
      )}
      {description !== '' && (
        <p className={styles.lines}>
          <Pieces pieces={parseEmbedText(description)} />
        </p>
      )}
      <dl className={styles.embedFields}>
        {fields.map(({ name, value, isInline }, index) => (
          <div key={index} className={isInline ? undefined : styles.wide}>
            <dt>
              <Pieces pieces={parseEmbedText(name)} />
            </dt>
            <dd className={styles.lines}>
              <Pieces pieces={parseEmbedText(value)} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function FieldTable({ object, fields }: { object: string; fields: readonly PreviewField[] }) {
  return (
    <div className={styles.fields}>
      <Table caption={`${object}: fields`} head={[{ label: object }, { label: 'Value' }]}>
        {fields.map(({ name, value }) => (
          <tr key={name}>
            <th scope="row">
              <code>{name}</code>
            </th>
            <td className={styles.value}>
              {value === '' ? <span className={cell.soft}>empty</span> : value}
            </td>
          </tr>
        ))}
      </Table>
    </div>
  )
}
