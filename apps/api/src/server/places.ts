/** A bounded number of places for what goes on for long. */
export interface Places {
  taken: () => number
  /** Takes a place and returns how to leave it, which may be called again; null when all are taken. */
  enter: () => (() => void) | null
}

export function openPlaces(max: number): Places {
  let taken = 0
  return {
    taken: () => taken,
    enter: () => {
      if (taken >= max) return null
      taken += 1
      let inside = true
      return () => {
        if (inside) taken -= 1
        inside = false
      }
    },
  }
}
