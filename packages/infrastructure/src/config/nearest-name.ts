/** The known name closest to a misspelt one, or null if none is close. */
export function nearestName(name: string, known: readonly string[]): string | null {
  const ranked = known.map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
  const best = ranked.toSorted((a, b) => a.distance - b.distance)[0]
  return best && best.distance <= Math.ceil(name.length / 4) ? best.candidate : null
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, charA] of Array.from(a).entries()) {
    const current = [i + 1]
    for (const [j, charB] of Array.from(b).entries()) {
      const substituted = (previous[j] ?? 0) + (charA === charB ? 0 : 1)
      current.push(Math.min(substituted, (previous[j + 1] ?? 0) + 1, (current[j] ?? 0) + 1))
    }
    previous = current
  }
  return previous.at(-1) ?? 0
}
