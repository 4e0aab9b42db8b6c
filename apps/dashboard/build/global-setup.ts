import { buildDashboard } from './build-dashboard.ts'

/** Builds what the API serves at `/ops` from the current sources, before any test runs. */
export default async function setup(): Promise<void> {
  await buildDashboard()
}
