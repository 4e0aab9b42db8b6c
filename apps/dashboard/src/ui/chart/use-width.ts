import { useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** How wide an element is, now and when that changes. */
export function useWidth<T extends HTMLElement>(): [RefObject<T | null>, number] {
  const element = useRef<T>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const { current } = element
    if (!current) return undefined
    const measure = (): void => setWidth(current.clientWidth)
    const watching = new ResizeObserver(measure)
    watching.observe(current)
    measure()
    return () => watching.disconnect()
  }, [])
  return [element, width]
}
