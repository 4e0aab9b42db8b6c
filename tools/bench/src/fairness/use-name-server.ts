import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'

/**
 * Loaded before a program: its look-ups go to the name server of the benchmark, so that none leaves the machine. A
 * resolver of c-ares asks it; getaddrinfo, which cannot be told another server, finds nothing.
 */
const server = process.env['BENCH_NAME_SERVER'] ?? ''

class BenchResolver extends dns.promises.Resolver {
  constructor(options?: ConstructorParameters<typeof dns.promises.Resolver>[0]) {
    super(options)
    this.setServers([server])
  }
}

const notFound = async (): Promise<never> => {
  throw Object.assign(new Error('The benchmark has no getaddrinfo.'), { code: 'ENOTFOUND' })
}

Object.assign(dns.promises, { Resolver: BenchResolver, lookup: notFound })
syncBuiltinESMExports()
