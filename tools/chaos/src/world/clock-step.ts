/**
 * Loaded before a program (`node --import`): a message `{ clockOffsetMs }` steps the program's clock, as an
 * administrator or a broken NTP server would. Timers are not affected, as on a real machine.
 */
const RealDate = Date
let offsetMs = 0

process.on('message', (message: unknown) => {
  if (typeof message !== 'object' || message === null || !('clockOffsetMs' in message)) return
  offsetMs = Number(message.clockOffsetMs)
})
// The listener alone would keep the program alive.
process.channel?.unref()

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [RealDate.now() + offsetMs] : args, newTarget) as Date,
  get: (target, property, receiver) =>
    property === 'now'
      ? () => RealDate.now() + offsetMs
      : (Reflect.get(target, property, receiver) as unknown),
})
