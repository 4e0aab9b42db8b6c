import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catchMutation } from '../src/catch-mutation.ts'
import { mutations } from '../src/mutations.ts'
import { runModel } from '../src/run-model.ts'
import { createFixture, type Fixture } from '../src/system/fixture.ts'
import { contains, recordTexts } from '../src/system/mutated-database.ts'

let database: TestDatabase
let fixture: Fixture
const seed = 20_261_130

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await createFixture(database)
})

afterAll(() => database.drop())

/** Every history may run every statement, so the mutations are compared with what these have run. */
test('the delivery statements do what the model says, and every planted fault changes one of them', async () => {
  const { database: recorded, texts } = recordTexts(database)
  expect(await runModel(recorded, database, fixture, { histories: 200, seed, shrink: true })).toBeNull()
  const unused = mutations.filter((mutation) => ![...texts].some((text) => contains(text, mutation)))
  expect(unused.map(({ name }) => name)).toEqual([])
})

/** These show soon. `npm run model` plants all. */
const soon: ReadonlySet<string> = new Set([
  'a claim takes a delivery over that is claimed',
  'a claim ignores a paused destination',
  'a valid claim is recorded as interrupted',
  'a sweep misses expired claims',
  'a resend without a payload',
  'a cancellation of a claimed delivery',
  'a key makes a second delivery',
])

test.each(mutations.filter(({ name }) => soon.has(name)))('the model finds that $name', async (mutation) => {
  const { found } = await catchMutation(database, fixture, seed, mutation)
  expect(found?.problem).toBeTypeOf('string')
  // The fault is one of behaviour: the statement itself runs.
  expect(found?.problem).not.toMatch(/syntax error|could not determine|does not exist/)
})
