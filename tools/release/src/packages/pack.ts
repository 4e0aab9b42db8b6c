import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { repository } from '../docs/markdown.ts'
import { packPackages } from './pack-packages.ts'

/** Writes the tarballs of the client and the command line: `npm run pack -- [folder]`. */
const target = resolve(repository, process.argv[2] ?? '.data/packages')
const work = await mkdtemp(join(tmpdir(), 'ghostpost-pack-'))
try {
  await mkdir(target, { recursive: true })
  const tarballs = await packPackages(work, target)
  for (const tarball of Object.values(tarballs)) console.log(tarball)
  console.log('Install them with npm: npm install <tarball>')
} finally {
  await rm(work, { recursive: true })
}
