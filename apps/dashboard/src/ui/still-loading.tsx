import { useEffect, useState } from 'react'

const slowAfterMs = 3_000

/** Says so when an answer takes longer than one expects. */
export function StillLoading() {
  const [isSlow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), slowAfterMs)
    return () => clearTimeout(timer)
  }, [])
  return <output>{isSlow && 'Still loading …'}</output>
}
