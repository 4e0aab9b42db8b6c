import { useEffect, useState } from 'react'

const patienceMs = 3_000

/** Says so when an answer takes longer than one expects. */
export function StillLoading() {
  const [isLate, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patienceMs)
    return () => clearTimeout(timer)
  }, [])
  return <output>{isLate && 'Still loading …'}</output>
}
