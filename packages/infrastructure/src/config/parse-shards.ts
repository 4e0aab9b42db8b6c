const shardMax = 63

/**
 * Parses shards such as `0-3 7` into ascending numbers without repeats; empty text means all `shards`. The schema has
 * checked the form.
 * @returns null if a range descends or a number exceeds 63
 */
export function parseShards(text: string, shards: number): number[] | null {
  if (text === '') return Array.from({ length: shards }, (_, shard) => shard)
  const found = new Set<number>()
  for (const span of text.split(' ')) {
    const [from = 0, to = from] = span.split('-').map(Number)
    if (to < from || to > shardMax) return null
    for (let shard = from; shard <= to; shard += 1) found.add(shard)
  }
  return [...found].toSorted((a, b) => a - b)
}
