/**
 * Loaded before a started program: ends it at once when the process that started it is gone, even while it starts or
 * drains its connections.
 */
process.once('disconnect', () => process.exit(1))
if (!process.connected) process.exit(1)
// The listener alone would keep the program alive.
process.channel?.unref()
