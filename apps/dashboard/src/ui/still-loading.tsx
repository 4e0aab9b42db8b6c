import { useEffect, useState } from 'react'

const slowAfterMs = 3_000

/** Shows a text when loading takes longer than expected. */
export function StillLoading() {
  const [isSlow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), slowAfterMs)
    return () => clearTimeout(timer)
  }, [])
  return <output>{isSlow && 'Still loading …'}</output>
}
