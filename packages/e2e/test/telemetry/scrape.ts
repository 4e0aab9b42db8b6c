import { parseMetrics, type Sample } from '@ghostpost/test-kit/parse-metrics'

export interface Scrape {
  text: string
  samples: Sample[]
}

export const scrapeToken = 'a-token-for-prometheus'

/** Scrapes a process as Prometheus does. */
export async function scrape(port: number): Promise<Scrape> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, {
    headers: { authorization: `Bearer ${scrapeToken}` },
  })
  const text = await response.text()
  if (response.status !== 200) throw new Error(`/metrics responded ${response.status}: ${text}`)
  return { text, samples: parseMetrics(text) }
}
