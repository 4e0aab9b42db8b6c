const shardMax = 63

/**
 * Reads `0-3 7` into numbers in order, without repeats; all of `shards` when it is empty. The schema has checked the form.
 * @returns null when a span falls or a number is too high
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
