import { execFile } from 'node:child_process'
import { glob, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { repository } from '../docs/markdown.ts'
import { packages, stagePackage, type PackageName } from './stage-package.ts'

const run = promisify(execFile)
const compileMs = 300_000

/**
 * Compiles the client and the command line to JavaScript with types, and packs each with npm.
 * @param work an empty folder for what lies between
 * @returns the path of each tarball in `target`
 */
export async function packPackages(work: string, target: string): Promise<Record<PackageName, string>> {
  const compiled = join(work, 'compiled')
  await compile(compiled)
  await nameDeclarations(compiled)
  const tarballs = await Promise.all(
    (Object.keys(packages) as PackageName[]).map(async (name) => {
      const folder = join(work, name)
      await stagePackage(name, compiled, folder)
      const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', target], { cwd: folder })
      return [name, join(target, fileNameIn(stdout))] as const
    }),
  )
  return Object.fromEntries(tarballs) as Record<PackageName, string>
}

async function compile(outDir: string): Promise<void> {
  const project = join(import.meta.dirname, 'tsconfig.json')
  const compiler = join(repository, 'node_modules/typescript/bin/tsc')
  try {
    await run(process.execPath, [compiler, '-p', project, '--outDir', outDir], { timeout: compileMs })
  } catch (error) {
    const { stdout = '' } = error as { stdout?: string }
    throw new Error(`The packages do not compile: ${stdout}`, { cause: error })
  }
}

/** Declarations keep the names of the sources in their imports. */
async function nameDeclarations(compiled: string): Promise<void> {
  for await (const file of glob('**/*.d.ts', { cwd: compiled })) {
    const path = join(compiled, file)
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replaceAll(/(["'])(\.{1,2}\/[^"']+)\.ts\1/g, '$1$2.js$1'))
  }
}

/** Older versions of npm print a list, newer ones an object by name. */
function fileNameIn(stdout: string): string {
  const packed = JSON.parse(stdout) as object
  const [first] = Object.values(packed) as { filename: string }[]
  if (!first) throw new Error('npm packed nothing.')
  return first.filename.replace('@', '').replace('/', '-')
}
