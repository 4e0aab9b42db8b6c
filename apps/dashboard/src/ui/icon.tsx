/** Strokes on a 16 × 16 grid. Icons stand beside text, so screen readers skip them. */
const strokes = {
  overview: 'M2 9l6-6 6 6M4 7.500V13h8V7.500',
  deliveries: 'M14 2L7 9M14 2l-4.500 12L7 9 2 6.500z',
  failures: 'M8 2l6.500 11.500h-13zM8 6.500v3M8 11.500v.1',
  operations: 'M13 6A5.500 5.500 0 0 0 3.200 5M3 10a5.500 5.500 0 0 0 9.800 1M3 2v3h3M13 14v-3h-3',
  destinations:
    'M8 14s5-4.300 5-7.700A5 5 0 0 0 3 6.300C3 9.700 8 14 8 14zM8 8a1.700 1.700 0 1 0 0-3.400A1.700 1.700 0 0 0 8 8z',
  alerts: 'M4 11V7a4 4 0 0 1 8 0v4l1.500 1.500h-11zM6.500 14h3',
  queues: 'M2 3.500h12v2.500H2zM2 9h8M2 12.500h5',
  system: 'M2.500 3h11v7h-11zM6 13h4M8 10v3',
  activity: 'M2 8h3l2-5 3 10 2-5h2',
  check: 'M3 8.500l3.500 3.500L13 4.500',
  warn: 'M8 2l6.500 11.500h-13zM8 6.500v3M8 11.500v.1',
  bad: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM5.800 5.800l4.400 4.400M10.200 5.800l-4.400 4.400',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.500V11M8 5v.1',
  wait: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.500V8l2.500 1.500',
  retry: 'M13 6A5.500 5.500 0 1 0 13.500 9M13.500 2.500V6H10',
  sending: 'M2 8h11M9 4l4 4-4 4',
  stop: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM4 4l8 8',
  pause: 'M5.500 3.500v9M10.500 3.500v9',
  search: 'M7 11.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9zM10.500 10.500L14 14',
  copy: 'M6 6h7v7H6zM3.500 10H3V3h7v.500',
  download: 'M8 2v8M4.500 7L8 10.500 11.500 7M3 13.500h10',
  close: 'M4 4l8 8M12 4l-8 8',
  menu: 'M2.500 4h11M2.500 8h11M2.500 12h11',
  keyboard: 'M1.500 4h13v8h-13zM4 6.500v.1M6.700 6.500v.1M9.300 6.500v.1M12 6.500v.1M5 9.500h6',
  user: 'M8 8a2.700 2.700 0 1 0 0-5.400A2.700 2.700 0 0 0 8 8zM3 14c.5-3 2.500-4 5-4s4.500 1 5 4',
} as const

export type IconName = keyof typeof strokes

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={strokes[name]} />
    </svg>
  )
}
