/**
 * Loaded before a program of ours (`node --import`): the program's clock can be stepped from outside by a message
 * `{ clockOffsetMs }`, as an administrator or a broken NTP server would. Timers go on as before, as they do in life.
 */
const RealDate = Date
let offsetMs = 0

process.on('message', (message: unknown) => {
  if (typeof message !== 'object' || message === null || !('clockOffsetMs' in message)) return
  offsetMs = Number(message.clockOffsetMs)
})
// Listening alone must not keep the program alive.
process.channel?.unref()

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [RealDate.now() + offsetMs] : args, newTarget) as Date,
  get: (target, property, receiver) =>
    property === 'now'
      ? () => RealDate.now() + offsetMs
      : (Reflect.get(target, property, receiver) as unknown),
})
