import { expect, test } from 'vitest'
import { judgeErrorResponse, readErrorCorpus } from '../src/error-corpus/judge-corpus.ts'

const corpus = readErrorCorpus()
const now = new Date('2026-11-23T12:00:00.000Z')

test('the corpus has at least 250 responses, each with a public source', () => {
  expect(corpus.length).toBeGreaterThanOrEqual(250)
  expect(corpus.filter(({ source }) => !URL.canParse(source))).toEqual([])
})

test('no response of the corpus has a generic cause', () => {
  const generic = corpus
    .map((response) => judgeErrorResponse(response, now))
    .filter(({ isGeneric }) => isGeneric)
  expect(
    generic.map(({ response, verdict }) => [response.tool, response.status, response.body, verdict]),
  ).toEqual([])
})

test('every remedy of the corpus says what to do', () => {
  for (const response of corpus) {
    const { verdict } = judgeErrorResponse(response, now)
    expect(verdict.decision === 'delivered' ? '' : verdict.failure.remedy).toMatch(/^[A-Z].{3,}\.$/)
  }
})
