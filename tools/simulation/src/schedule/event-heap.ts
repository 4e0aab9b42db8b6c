interface ScheduledEvent {
  timeMs: number
  /** Decides between events of the same time: the earlier scheduled one comes first. */
  order: number
  run: () => void
}

export interface EventHeap {
  push: (event: ScheduledEvent) => void
  /** The earliest event, without removing it. */
  peek: () => ScheduledEvent | undefined
  pop: () => ScheduledEvent | undefined
}

/** A binary heap, the earliest event first. */
export function openEventHeap(): EventHeap {
  const events: ScheduledEvent[] = []
  return {
    push: (event) => {
      events.push(event)
      siftUp(events, events.length - 1)
    },
    peek: () => events[0],
    pop: () => {
      const first = events[0]
      const last = events.pop()
      if (last !== undefined && events.length > 0) {
        events[0] = last
        siftDown(events)
      }
      return first
    },
  }
}

function isBefore(one: ScheduledEvent | undefined, other: ScheduledEvent | undefined): boolean {
  if (one === undefined || other === undefined) return one !== undefined
  return one.timeMs === other.timeMs ? one.order < other.order : one.timeMs < other.timeMs
}

function swap(events: ScheduledEvent[], one: number, other: number): void {
  const event = events[one] as ScheduledEvent
  events[one] = events[other] as ScheduledEvent
  events[other] = event
}

function siftUp(events: ScheduledEvent[], from: number): void {
  let index = from
  while (index > 0) {
    const parent = (index - 1) >> 1
    if (!isBefore(events[index], events[parent])) return
    swap(events, index, parent)
    index = parent
  }
}

function siftDown(events: ScheduledEvent[]): void {
  let index = 0
  for (;;) {
    const left = 2 * index + 1
    const child = isBefore(events[left + 1], events[left]) ? left + 1 : left
    if (!isBefore(events[child], events[index])) return
    swap(events, index, child)
    index = child
  }
}
