import { readFileSync } from 'node:fs'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { repository } from '../docs/markdown.ts'

/** The packages for npm, and the workspace packages that their tarballs contain. */
export const packages = {
  client: { folder: 'packages/client', bundled: ['delivery'] },
  cli: { folder: 'apps/cli', bundled: ['client', 'delivery'] },
} as const
export type PackageName = keyof typeof packages

const folders = { client: 'packages/client', delivery: 'packages/delivery', cli: 'apps/cli' } as const
type WorkspaceName = keyof typeof folders

interface Manifest {
  name: string
  version: string
  license: string
  type: string
  bin?: Record<string, string>
  exports: Record<string, string>
  dependencies: Record<string, string>
}

const read = (path: string): string => readFileSync(join(repository, path), 'utf8')
const manifestOf = (name: WorkspaceName): Manifest =>
  JSON.parse(read(`${folders[name]}/package.json`)) as Manifest

/**
 * Puts a package together as `npm pack` takes it. The tarball contains the workspace packages that it uses: nothing is
 * asked of a registry but the packages of others.
 * @param compiled the folder that the compiler wrote to
 */
export async function stagePackage(name: PackageName, compiled: string, target: string): Promise<void> {
  const { folder, bundled } = packages[name]
  await copyCompiled(name, compiled, target)
  await cp(join(repository, 'LICENSE'), join(target, 'LICENSE'))
  await writeFile(join(target, 'README.md'), readmes[name])
  for (const one of bundled) {
    const inside = join(target, 'node_modules/@ghostpost', one)
    await copyCompiled(one, compiled, inside)
    const { name: packageName, version, type, exports } = manifestOf(one)
    await writeManifest(inside, { name: packageName, version, type, exports: builtExports(exports) })
  }
  await writeManifest(target, publishedManifest(name, folder))
}

async function copyCompiled(name: WorkspaceName, compiled: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true })
  await cp(join(compiled, folders[name], 'src'), join(target, 'dist'), { recursive: true })
}

function publishedManifest(name: PackageName, folder: string): object {
  const { bundled } = packages[name]
  const { name: packageName, version, license, type, bin, exports } = manifestOf(name)
  const own = bundled.map((one) => [manifestOf(one).name, version] as const)
  const others = [name, ...bundled].flatMap((one) => Object.entries(outsideDependencies(one)))
  return {
    name: packageName,
    version,
    license,
    type,
    description:
      name === 'cli' ? 'The command line of Ghostpost.' : 'The typed client of Ghostpost’s HTTP API.',
    engines: { node: '>=20' },
    ...(bin && { bin: Object.fromEntries(Object.entries(bin).map(([key, file]) => [key, built(file)])) }),
    ...(folder === 'packages/client' && { exports: builtExports(exports) }),
    files: ['dist'],
    dependencies: Object.fromEntries(
      [...others, ...own].toSorted(([one], [other]) => one.localeCompare(other)),
    ),
    bundleDependencies: own.map(([one]) => one),
  }
}

/** The dependencies of a package that are not of this workspace, with their versions. */
function outsideDependencies(name: WorkspaceName): Record<string, string> {
  const { catalog } = parse(read('pnpm-workspace.yaml')) as { catalog: Record<string, string> }
  return Object.fromEntries(
    Object.entries(manifestOf(name).dependencies)
      .filter(([, version]) => version === 'catalog:')
      .map(([dependency]) => [dependency, catalog[dependency] ?? '']),
  )
}

function builtExports(exports: Readonly<Record<string, string>>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(exports).map(([path, file]) => [
      path,
      { types: built(file).replace(/\.js$/, '.d.ts'), default: built(file) },
    ]),
  )
}

function built(file: string): string {
  return file.replace('./src/', './dist/').replace(/\.ts$/, '.js')
}

async function writeManifest(folder: string, manifest: object): Promise<void> {
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

const readmes: Readonly<Record<PackageName, string>> = {
  client: `# The client of Ghostpost's HTTP API

\`\`\`ts
import { createClient, orThrow } from '@ghostpost/client'

const client = createClient({ url: 'https://ghostpost.example.com', apiKey: 'gp_…' })
const { items } = await orThrow(client.GET('/api/deliveries'))
\`\`\`

It runs in browsers and on Node 20 or newer. Its types are those of the API's OpenAPI document.
`,
  cli: `# The command line of Ghostpost

It needs Node 20 or newer. \`ghostpost --help\` lists the commands.
`,
}
