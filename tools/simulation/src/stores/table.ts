import { RowLocked } from '../processes/index.ts'

/**
 * Tables in memory with the semantics of Postgres that the statements rely on: a statement happens as a whole or not at
 * all, a transaction locks the rows that it writes until it ends, and nobody else sees them before it commits. Rows are
 * replaced and never changed in place.
 */
export interface Table<Row> {
  get: (id: string, transaction: Transaction) => Row | undefined
  set: (id: string, row: Row, transaction: Transaction) => void
  delete: (id: string, transaction: Transaction) => void
  /** In the order in which the rows were inserted. */
  all: (transaction: Transaction) => Row[]
  /** Whether another transaction has locked the row. */
  isLocked: (id: string, transaction: Transaction) => boolean
}

export interface Transaction {
  commit: () => void
  rollback: () => void
  /** Locks a row without writing it. */
  lock: (table: object, id: string) => void
  /** Keeps others from writing or deleting a row. Several transactions may share it. */
  share: (table: object, id: string) => void
  isOver: () => boolean
}

interface OpenTransaction extends Transaction {
  writes: Map<object, Map<string, unknown>>
  locks: { rows: Map<string, OpenTransaction>; id: string }[]
  shares: Set<OpenTransaction>[]
  apply: Map<object, (id: string, row: unknown) => void>
  onEnd: (() => void)[]
}

interface Locks {
  rows: Map<string, OpenTransaction>
  shares: Map<string, Set<OpenTransaction>>
}

const locksOf = new WeakMap<object, Locks>()

export function beginTransaction(): Transaction {
  let isOver = false
  const end = (): void => {
    isOver = true
    for (const { rows, id } of open.locks) rows.delete(id)
    for (const sharers of open.shares) sharers.delete(open)
    for (const run of open.onEnd) run()
  }
  const open: OpenTransaction = {
    writes: new Map(),
    locks: [],
    shares: [],
    apply: new Map(),
    onEnd: [],
    lock: (table, id) => lockRow(open, table, id),
    share: (table, id) => shareRow(open, table, id),
    isOver: () => isOver,
    commit: () => {
      if (isOver) throw new Error('the transaction is over')
      for (const [table, rows] of open.writes) for (const [id, row] of rows) open.apply.get(table)?.(id, row)
      end()
    },
    rollback: () => {
      if (!isOver) end()
    },
  }
  return open
}

/** Runs one statement: a transaction of its own. */
export function runStatement<T>(statement: (transaction: Transaction) => T): T {
  const transaction = beginTransaction()
  try {
    const result = statement(transaction)
    transaction.commit()
    return result
  } finally {
    transaction.rollback()
  }
}

/** @param onChange is told of each committed change */
export function openTable<Row>(onChange?: (before: Row | undefined, after: Row) => void): Table<Row> {
  const rows = new Map<string, Row>()
  const locks: Locks = { rows: new Map(), shares: new Map() }
  const written = (transaction: Transaction): Map<string, unknown> | undefined =>
    (transaction as OpenTransaction).writes.get(table)
  const write = (id: string, row: Row | undefined, transaction: Transaction): void => {
    const open = transaction as OpenTransaction
    lockRow(open, table, id)
    const own = open.writes.get(table)
    if (own) own.set(id, row)
    else open.writes.set(table, new Map([[id, row]]))
    open.apply.set(table, apply)
  }
  const apply = (id: string, row: unknown): void => {
    if (row === undefined) {
      rows.delete(id)
      return
    }
    onChange?.(rows.get(id), row as Row)
    rows.set(id, row as Row)
  }
  const table: Table<Row> = {
    get: (id, transaction) => {
      const own = written(transaction)
      return own?.has(id) ? (own.get(id) as Row | undefined) : rows.get(id)
    },
    set: write,
    delete: (id, transaction) => write(id, undefined, transaction),
    all: (transaction) => {
      const own = written(transaction)
      if (!own) return [...rows.values()]
      const committed = [...rows].map(([id, row]) => (own.has(id) ? own.get(id) : row))
      const inserted = [...own].flatMap(([id, row]) => (rows.has(id) ? [] : [row]))
      return [...committed, ...inserted].filter((row) => row !== undefined) as Row[]
    },
    isLocked: (id, transaction) => {
      const owner = locks.rows.get(id)
      return owner !== undefined && owner !== transaction
    },
  }
  locksOf.set(table, locks)
  return table
}

function lockRow(transaction: OpenTransaction, table: object, id: string): void {
  const locks = locksBy(transaction, table)
  const { rows } = locks
  if (rows.get(id) === transaction) return
  waitForOthers(transaction, locks, id)
  for (const sharer of locks.shares.get(id) ?? [])
    if (sharer !== transaction) throw new RowLocked((retry) => void sharer.onEnd.push(retry))
  rows.set(id, transaction)
  transaction.locks.push({ rows, id })
}

function shareRow(transaction: OpenTransaction, table: object, id: string): void {
  const locks = locksBy(transaction, table)
  waitForOthers(transaction, locks, id)
  const sharers = locks.shares.get(id) ?? new Set()
  locks.shares.set(id, sharers.add(transaction))
  transaction.shares.push(sharers)
}

function locksBy(transaction: OpenTransaction, table: object): Locks {
  if (transaction.isOver()) throw new Error('the transaction is over')
  return locksOf.get(table) ?? { rows: new Map(), shares: new Map() }
}

function waitForOthers(transaction: OpenTransaction, { rows }: Locks, id: string): void {
  const owner = rows.get(id)
  if (owner !== undefined && owner !== transaction)
    throw new RowLocked((retry) => void owner.onEnd.push(retry))
}
