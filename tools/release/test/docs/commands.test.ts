import { describe, expect, test } from 'vitest'
import { problemWith } from '../../src/docs/check-command.ts'
import { codeBlocksIn, pages, readPage } from '../../src/docs/markdown.ts'
import { commandsIn, promptsIn, type Words } from '../../src/docs/shell-commands.ts'

function commandsOf(page: string): Words[] {
  return codeBlocksIn(readPage(page)).flatMap(({ language, text }) => {
    if (language === 'sh') return commandsIn(text)
    return language === 'console' ? commandsIn(promptsIn(text)) : []
  })
}

test.each(pages)('%s has only commands that can be run', (page) => {
  const problems = commandsOf(page).flatMap((words) => {
    const problem = problemWith(words)
    return problem === null ? [] : [`${words.slice(0, 6).join(' ')}: ${problem}`]
  })
  expect(problems).toEqual([])
})

test('the check reads the commands of the pages', () => {
  const shown = pages.flatMap(commandsOf).map(([name]) => name ?? '')
  for (const name of ['npm', 'curl', 'docker', 'kubectl']) expect(shown).toContain(name)
  expect(shown.length).toBeGreaterThan(50)
})

test.each(pages)('%s tells nobody to run a package that is not ours', (page) => {
  expect(readPage(page).match(/\bnpx (?!-y pnpm)\S+/g) ?? []).toEqual([])
})

test.each(pages)('%s marks its shell blocks as sh or console', (page) => {
  const unmarked = codeBlocksIn(readPage(page)).filter(
    ({ language, text }) =>
      /^(bash|shell|)$/.test(language) && /^(\$ )?(npm|npx|curl|docker|kubectl|node) /m.test(text),
  )
  expect(unmarked).toEqual([])
})

describe('a shell block', () => {
  test.each<[string, Words[]]>([
    ['npm start   # a comment', [['npm', 'start']]],
    ['A=1 B="x y" node a.ts > out.txt 2>&1', [['node', 'a.ts']]],
    ['GHOSTPOST=https://ghostpost.example.com', []],
    [
      "curl -d '{\n \"a\": 1 }' \\\n  \"$X/api\" | jq -r '.b' && echo 'it''s'",
      [
        ['curl', '-d', '{\n "a": 1 }', '$X/api'],
        ['jq', '-r', '.b'],
        ['echo', 'its'],
      ],
    ],
    [`curl -d '{"id": "'$ID'"}'`, [['curl', '-d', '{"id": "$ID"}']]],
    ['a < in.txt; b', [['a'], ['b']]],
    ['ID=$(jq -r .id file.json)', [['jq', '-r', '.id', 'file.json']]],
  ])('%s', (block, commands) => expect(commandsIn(block)).toEqual(commands))

  test('of a recorded session are the typed lines', () => {
    expect(promptsIn('$ npx ghostpost whoami\nada\n$ npm start')).toBe('npx ghostpost whoami\nnpm start')
  })
})

describe('a command', () => {
  test.each([
    'npm run -s ghostpost -- --help',
    'ghostpost deliveries show 019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11 --json',
    'ghostpost visitors import --from postgres://db.example.com/shop --query x',
    'curl -X POST "$GHOSTPOST/api/destinations/$ID/test"',
    'curl https://example.com/elsewhere',
    'docker compose run --rm migrate node apps/api/src/commands/migrate.ts',
  ])('may be: %s', (line) => expect(problemWith(commandsIn(line)[0] ?? [])).toBeNull())

  test.each([
    ['npm run nothing', 'no npm script'],
    ['npm run chaos -- --fast', 'does not know --fast'],
    ['npx ghostpost deliveries list', 'somebody else'],
    ['ghostpost deliveries lost', 'is a group'],
    ['ghostpost deliveries show', 'takes 1 arguments, not 0'],
    ['ghostpost deliveries list --stauts failed', 'does not know --stauts'],
    ['curl -X PUT "$GHOSTPOST/api/destinations/$ID"', 'no PUT /api/destinations/$ID'],
    ['curl "$GHOSTPOST/api/nothing"', 'no GET /api/nothing'],
    ['node apps/api/src/gone.ts', 'there is no apps/api/src/gone.ts'],
    ['docker compose up dashboard', 'has no dashboard'],
    ['docker compose run migrate node gone.ts', 'there is no gone.ts'],
    ['kubectl apply -k deploy/kubernetes/gone', 'there is no deploy/kubernetes/gone'],
    ['kubectl rollout status deployment/gone', 'has no deployment/gone'],
    ['frobnicate --all', 'is unknown'],
  ])('may not be: %s', (line, problem) => expect(problemWith(commandsIn(line)[0] ?? [])).toContain(problem))
})
