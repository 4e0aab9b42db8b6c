/** The text of one row; an error instead for a row that cannot be read. */
export type RowText = { text: string } | { problem: string }

export interface RowSplitter {
  /** The rows that these bytes complete. */
  push: (chunk: Uint8Array) => RowText[]
  /** The row that the end of the body completes, or leaves incomplete. */
  end: () => RowText[]
}

const newline = 0x0a
const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const openers: ReadonlySet<number> = new Set([0x5b, 0x7b])
const closers: ReadonlySet<number> = new Set([0x5d, 0x7d])
const openBracket = 0x5b
const byteOrderMark = [0xef, 0xbb, 0xbf]

/** Collects the bytes of a row, and nothing of what exceeds the bound. */
interface RowBytes {
  add: (bytes: Uint8Array) => void
  /** The row, and begins the next one; null for a row of white space. */
  take: () => RowText | null
}

function openRow(bytesMax: number): RowBytes {
  let parts: Uint8Array[] = []
  let size = 0
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const decode = (): RowText | null => {
    if (size > bytesMax) return { problem: `a row of at most ${bytesMax} bytes` }
    try {
      const text = decoder.decode(Buffer.concat(parts)).trim()
      return text === '' ? null : { text }
    } catch {
      return { problem: 'text in UTF-8' }
    }
  }
  return {
    add: (bytes) => {
      size += bytes.length
      if (size <= bytesMax) parts.push(bytes)
      else parts = []
    },
    take: () => {
      const row = decode()
      parts = []
      size = 0
      return row
    },
  }
}

/** Splits newline-delimited JSON. Empty lines are no rows. */
export function splitLines(bytesMax: number): RowSplitter {
  const row = openRow(bytesMax)
  const take = (): RowText[] => [row.take()].filter((one) => one !== null)
  const skip = skipByteOrderMark()
  return {
    push: (chunk) => {
      const rows: RowText[] = []
      let rest = skip(chunk)
      for (let at = rest.indexOf(newline); at >= 0; at = rest.indexOf(newline)) {
        row.add(rest.subarray(0, at))
        rows.push(...take())
        rest = rest.subarray(at + 1)
      }
      row.add(rest)
      return rows
    },
    end: take,
  }
}

/** Splits a JSON array into the texts of its elements, without parsing them. */
export function splitArray(bytesMax: number): RowSplitter {
  const row = openRow(bytesMax)
  const skip = skipByteOrderMark()
  const state = { depth: 0, isText: false, isEscaped: false, isBroken: false, isOver: false }
  const take = (): RowText[] => [row.take()].filter((one) => one !== null)
  const step = (byte: number): 'outside' | 'inside' | 'separator' => {
    if (state.isText) {
      const ends = byte === quote && !state.isEscaped
      state.isEscaped = byte === backslash && !state.isEscaped
      if (ends) state.isText = false
      return 'inside'
    }
    if (state.depth === 1 && byte === comma) return 'separator'
    if (state.depth === 0 && (state.isOver || byte !== openBracket)) {
      state.isBroken ||= !isSpace(byte)
      return 'outside'
    }
    if (byte === quote) state.isText = true
    if (openers.has(byte)) return (state.depth += 1) === 1 ? 'outside' : 'inside'
    if (closers.has(byte)) state.depth -= 1
    state.isOver = state.depth === 0
    return state.isOver ? 'separator' : 'inside'
  }
  const push = (chunk: Uint8Array): RowText[] => {
    const rows: RowText[] = []
    const bytes = skip(chunk)
    let start = 0
    for (let at = 0; at < bytes.length; at += 1) {
      const place = step(bytes[at] ?? 0)
      if (place === 'inside') continue
      if (place === 'separator') {
        row.add(bytes.subarray(start, at))
        rows.push(...take())
      }
      start = at + 1
    }
    row.add(bytes.subarray(start))
    return rows
  }
  return {
    push,
    end: () => {
      const isWhole = state.depth === 0 && !state.isBroken
      return isWhole ? take() : [{ problem: 'one JSON array, with its end' }]
    },
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d
}

/** RFC 8259, section 8.1: a reader may ignore a byte order mark. */
function skipByteOrderMark(): (chunk: Uint8Array) => Uint8Array {
  let seen = 0
  return (chunk) => {
    let at = 0
    while (seen < byteOrderMark.length && at < chunk.length && chunk[at] === byteOrderMark[seen]) {
      seen += 1
      at += 1
    }
    if (at < chunk.length) seen = byteOrderMark.length
    return chunk.subarray(at)
  }
}
