import { describe, expect, test } from 'vitest'
import { callCounts, countExecutedLines, type ScriptCoverage } from '../src/path/executed-lines.ts'
import { guardOf } from '../src/path/guards.ts'
import { measurePath } from '../src/path/measure-path.ts'

const coreFilesMax = 45

test('the path of one delivery has at most 45 core files, from the route to the recorded attempt', async () => {
  const files = await measurePath()
  const core = files.map(({ path }) => path).filter((path) => guardOf(path) === null)
  expect(core).toEqual(
    expect.arrayContaining([
      'apps/api/src/routes/webhook/export-visitor.ts',
      'packages/delivery/src/deliver/attempt-delivery.ts',
      'packages/infrastructure/src/database/attempts/record-attempt.ts',
    ]),
  )
  expect(core.slice(coreFilesMax)).toEqual([])
})

describe('the executed lines of a script', () => {
  const source = [
    'function outer() {',
    '  // a comment',
    '',
    '  if (a) {',
    '    b()',
    '  }',
    '}',
    'outer()',
  ].join('\n')
  const outer = { startOffset: 0, endOffset: source.indexOf('\nouter()') }
  const block = { startOffset: source.indexOf('{\n    b'), endOffset: source.indexOf('\n}') }
  const scriptWith = (count: number): ScriptCoverage => ({
    url: 'file:///source.ts',
    functions: [
      { ranges: [{ startOffset: 0, endOffset: source.length, count: 1 }] },
      {
        ranges: [
          { ...outer, count },
          { ...block, count: 0 },
        ],
      },
    ],
  })

  test('are the lines of code in called functions, without the blocks that did not run', () => {
    expect(countExecutedLines(source, scriptWith(1), new Map())).toBe(3)
    expect(countExecutedLines(source, scriptWith(0), new Map())).toBe(0)
  })

  test('leave out a function that the idle time called as often', () => {
    const idle = callCounts(scriptWith(2))
    expect(countExecutedLines(source, scriptWith(2), idle)).toBe(0)
    expect(countExecutedLines(source, scriptWith(3), idle)).toBe(3)
  })
})
