import { useLayoutEffect, useRef, type ReactNode } from 'react'
import { HiddenText } from './hidden-text.tsx'
import { StillLoading } from './still-loading.tsx'
import styles from './table.module.css'

interface TableProps {
  caption: string
  head: readonly { label: string; hidden?: boolean; numeric?: boolean }[]
  /** Checkbox in the head of an extra first column. */
  headCheckbox?: ReactNode
  busy?: boolean
  children: ReactNode
}

/** A table in a region that scrolls horizontally. */
export function Table({ caption, head, headCheckbox, busy = false, children }: TableProps) {
  const own = useRef<HTMLTableElement>(null)
  // On a narrow screen a row is a card, and each cell shows the label of its column.
  useLayoutEffect(() => {
    const labels = [...(headCheckbox === undefined ? [] : ['']), ...head.map(({ label }) => label)]
    for (const row of own.current?.tBodies[0]?.rows ?? [])
      for (const [index, one] of [...row.cells].entries()) one.dataset['label'] = labels[index] ?? ''
  })
  return (
    <section className={styles.scroll} aria-label={caption} tabIndex={0} aria-busy={busy}>
      <table ref={own} className={styles.table}>
        <caption>
          <HiddenText>{caption}</HiddenText>
        </caption>
        <thead>
          <tr>
            {headCheckbox !== undefined && <td className={styles.check}>{headCheckbox}</td>}
            {head.map(({ label, hidden, numeric }) => (
              <th key={label} scope="col" className={numeric ? styles.numeric : undefined}>
                {hidden ? <HiddenText>{label}</HiddenText> : label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
      {busy && <StillLoading />}
    </section>
  )
}

export const cell = {
  check: styles.check,
  numeric: styles.numeric,
  soft: styles.soft,
  sub: styles.sub,
  clip: styles.clip,
  fluid: styles.fluid,
  clipWide: styles.clipWide,
  gone: styles.gone,
  selected: styles.selected,
  nowrap: styles.nowrap,
}

/** Placeholder rows while the table loads. */
export function SkeletonRows({ columns, rows = 8 }: { columns: number; rows?: number }) {
  return Array.from({ length: rows }, (_row, row) => (
    <tr key={row} aria-hidden="true">
      {Array.from({ length: columns }, (_cell, column) => (
        <td key={column}>
          <span className={styles.bone} />
        </td>
      ))}
    </tr>
  ))
}
