import { useBundles } from './bundle-programs.ts'

/** The tests start the API and the worker as the image does, from their bundles of the current sources. */
export default useBundles
