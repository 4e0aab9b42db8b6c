const portMax = 65_535

/**
 * Ports of services that are not HTTP: the Fetch standard's bad ports
 * (https://fetch.spec.whatwg.org/#port-blocking) and the ports of common databases and caches.
 */
const forbiddenPorts: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  2375, 2379, 3306, 3659, 4045, 4190, 5060, 5061, 5432, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679,
  6697, 9200, 10080, 11211, 27017,
])

export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= portMax
}

/** Whether a receiver may have this port only if an administrator allows it. */
export function isForbiddenPort(port: number): boolean {
  return !isPort(port) || forbiddenPorts.has(port)
}
