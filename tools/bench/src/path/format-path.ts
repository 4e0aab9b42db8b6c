import { guardOf } from './guards.ts'
import type { PathFile } from './measure-path.ts'

/** The measured path as text: the files of the core, those of the guards by purpose, and the sums. */
export function formatPath(files: readonly PathFile[]): string {
  const groups = Map.groupBy(files, ({ path }) => guardOf(path) ?? 'core')
  const { core = [], ...guards } = Object.fromEntries(groups)
  const guardFiles = files.filter(({ path }) => guardOf(path) !== null)
  return [
    ...formatGroup('core', core),
    ...Object.entries(guards).flatMap(([name, group]) => formatGroup(name, group ?? [])),
    '',
    `core: ${formatSum(core)}`,
    `guards: ${formatSum(guardFiles)}`,
    `together: ${formatSum(files)}`,
  ].join('\n')
}

function formatGroup(name: string, files: readonly PathFile[]): string[] {
  const lines = files.map(({ path, executedLines, lines }) => `  ${path}  ${executedLines} of ${lines} lines`)
  return ['', `${name}: ${formatSum(files)}`, ...lines]
}

function formatSum(files: readonly PathFile[]): string {
  const sum = (of: (file: PathFile) => number): number => files.reduce((total, file) => total + of(file), 0)
  const [executed, all] = [sum((file) => file.executedLines), sum((file) => file.lines)]
  return `${files.length} files, ${executed.toLocaleString('en')} executed lines of ${all.toLocaleString('en')}`
}
