import { buildDashboard } from './build-dashboard.ts'

/** Before any test runs: what the API serves at `/ops` is made of the sources that are there. */
export default async function setup(): Promise<void> {
  await buildDashboard()
}
