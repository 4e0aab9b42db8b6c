import { bundlePrograms } from './bundle-programs.ts'

/** The tests start the API and the worker as the image does, from their bundles of the current sources. */
export default async function setup(): Promise<void> {
  await bundlePrograms()
  process.env['GHOSTPOST_TEST_BUNDLES'] = 'true'
}
