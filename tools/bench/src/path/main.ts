import setup from '@ghostpost/test-kit/global-setup'
import { measurePath } from './measure-path.ts'
import { formatPath } from './format-path.ts'

/** `npm run path`: measures the path of one delivery, as ARCHITECTURE.md shows it. */
const teardown = await setup()
try {
  console.log(formatPath(await measurePath()))
} finally {
  await teardown()
}
