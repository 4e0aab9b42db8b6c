import { bundlePrograms } from './bundle-programs.ts'

// Used by the Dockerfile: the image starts the bundled programs.
await bundlePrograms()
