/** One instruction: its name, its flags (`--from=build`) and the rest of its line. */
export interface Instruction {
  name: string
  flags: Readonly<Record<string, string>>
  rest: string
}

/** One build stage, which starts with FROM. */
export interface BuildStage {
  name: string
  from: string
  instructions: readonly Instruction[]
}

/**
 * Parses the stages of a Dockerfile and inserts the values of the ARGs before the first stage. It supports comments,
 * continued lines and flags, but no heredocs and no parser directives.
 */
export function parseDockerfile(text: string): BuildStage[] {
  const globals: Record<string, string> = {}
  const stages: { name: string; from: string; instructions: Instruction[] }[] = []
  for (const instruction of logicalLines(text).map(parseInstruction)) {
    if (instruction.name === 'FROM') {
      const [, from = '', name = `stage-${stages.length}`] =
        /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(expand(instruction.rest, globals)) ?? []
      stages.push({ name, from, instructions: [] })
    } else if (stages.length === 0) Object.assign(globals, parsePairs(instruction.rest))
    else stages.at(-1)?.instructions.push(instruction)
  }
  return stages
}

function logicalLines(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^\s*#/.test(line))
  return lines
    .join('\n')
    .replaceAll(/\\\s*\n\s*/g, ' ')
    .split('\n')
}

function parseInstruction(line: string): Instruction {
  const [, name = '', after = ''] = /^(\w+)\s+(.*)$/s.exec(line.trim()) ?? []
  const [flagText = ''] = /^(?:--[\w-]+=\S+\s+)*/.exec(after) ?? []
  const flags = Object.fromEntries(
    [...flagText.matchAll(/--([\w-]+)=(\S+)/g)].map(([, flag = '', value = '']) => [flag, value]),
  )
  return { name: name.toUpperCase(), flags, rest: after.slice(flagText.length) }
}

/** `A=1 B="two words"` */
export function parsePairs(text: string): Record<string, string> {
  const pairs = text.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S*))/g)
  return Object.fromEntries([...pairs].map(([, name = '', quoted, plain]) => [name, quoted ?? plain ?? '']))
}

/** Replaces `${NAME}` with its value. */
export function expand(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}
