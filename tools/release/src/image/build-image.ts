import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cp, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { openBuildContext, type BuildContext } from './build-context.ts'
import { expand, parseDockerfile, parsePairs, type BuildStage, type Instruction } from './parse-dockerfile.ts'

/** The last stage as a folder. */
export interface BuiltImage {
  /** Folder that represents `/`. */
  root: string
  /** Folder that represents the WORKDIR. */
  workdir: string
  env: Readonly<Record<string, string>>
  labels: Readonly<Record<string, string>>
  user: { uid: number; gid: number }
  command: readonly string[]
  healthcheck: readonly string[]
}

interface Stage {
  root: string
  workdir: string
  /** Set during the build and in RUN, but not in the finished image. */
  args: Record<string, string>
  env: Record<string, string>
  labels: Record<string, string>
  user: string
  command: string[]
  healthcheck: string[]
}

/**
 * Runs a Dockerfile without an engine: each stage is a folder that represents `/`, COPY copies, and RUN runs in the
 * WORKDIR with this machine's Node and npm instead of those of the base image. It does not test the base image, layers
 * and paths outside the WORKDIR.
 * @param folder the build context, with the Dockerfile
 * @param target an empty folder for the stages
 */
export async function buildImage(folder: string, target: string): Promise<BuiltImage> {
  const context = openBuildContext(folder)
  const stages = new Map<string, Stage>()
  let last: Stage | undefined
  for (const stage of parseDockerfile(readFileSync(join(folder, 'Dockerfile'), 'utf8'))) {
    last = await buildStage(stage, stages, context, join(target, stage.name))
    stages.set(stage.name, last)
  }
  if (!last) throw new Error('The Dockerfile has no stage.')
  const [uid = 0, gid = 0] = last.user.split(':').map(Number)
  const { root, env, labels, command, healthcheck } = last
  return { root, workdir: join(root, last.workdir), env, labels, user: { uid, gid }, command, healthcheck }
}

async function buildStage(
  { from, instructions }: BuildStage,
  stages: ReadonlyMap<string, Stage>,
  context: BuildContext,
  root: string,
): Promise<Stage> {
  const parent = stages.get(from)
  await mkdir(root, { recursive: true })
  if (parent) await copyTree(parent.root, root)
  const stage: Stage = parent
    ? { ...parent, args: {}, env: { ...parent.env }, labels: { ...parent.labels }, root }
    : { root, workdir: '/', args: {}, env: {}, labels: {}, user: '0:0', command: [], healthcheck: [] }
  for (const instruction of instructions) await apply(instruction, stage, stages, context)
  return stage
}

async function apply(
  { name, flags, rest }: Instruction,
  stage: Stage,
  stages: ReadonlyMap<string, Stage>,
  context: BuildContext,
): Promise<void> {
  switch (name) {
    case 'ARG':
      return void Object.assign(stage.args, parsePairs(rest))
    case 'ENV':
      return void Object.assign(stage.env, parsePairs(rest))
    case 'LABEL':
      return void Object.assign(stage.labels, parsePairs(expand(rest, stage.args)))
    case 'WORKDIR':
      stage.workdir = rest
      return void (await mkdir(join(stage.root, rest), { recursive: true }))
    case 'COPY':
      return copy(rest.split(/\s+/), stage, flags['from'] ? stages.get(flags['from']) : context)
    case 'RUN':
      return run(rest, stage)
    case 'USER':
      return void (stage.user = rest)
    case 'CMD':
      return void (stage.command = JSON.parse(rest) as string[])
    case 'HEALTHCHECK':
      return void (stage.healthcheck = JSON.parse(rest.replace(/^CMD\s+/, '')) as string[])
    case 'EXPOSE':
      return
    default:
      throw new Error(`${name} is not carried out here.`)
  }
}

/** Copies a folder's content into the target; copies a file to the target, or into it when it ends with a slash. */
async function copy(words: string[], stage: Stage, source: Stage | BuildContext | undefined): Promise<void> {
  const target = join(stage.root, stage.workdir, words.pop() ?? '')
  if (!source) throw new Error('COPY --from names no stage before it.')
  for (const word of words) {
    if ('root' in source) await copyTree(join(source.root, word), target)
    else await source.copy(word, target)
  }
}

async function copyTree(source: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true })
  await cp(source, target, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
}

/** Environment variables that npm needs to reach its registry. */
const passedVariables = /^(HOME|TMPDIR|npm_config_.*|NODE_EXTRA_CA_CERTS|.*_proxy)$/i

/** As an engine does, omits every variable of the caller that could be a setting of Ghostpost. */
async function run(command: string, { root, workdir, args, env }: Stage): Promise<void> {
  const passed = Object.entries(process.env).filter(([name]) => passedVariables.test(name))
  const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`
  try {
    await promisify(execFile)('/bin/sh', ['-ec', command], {
      cwd: join(root, workdir),
      env: { ...Object.fromEntries(passed), ...args, ...env, PATH: path },
      maxBuffer: 67_108_864,
    })
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    throw new Error(`RUN failed: ${command}\n${stdout ?? ''}${stderr ?? ''}`.slice(-4_000), { cause: error })
  }
}
