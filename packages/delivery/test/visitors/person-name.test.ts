import { expect, test } from 'vitest'
import { personNameOf } from '../../src/visitors/person-name.ts'

test.each([
  ['Ann Lee', 'Ann', 'Lee'],
  ['  Ann   Lee ', 'Ann', 'Lee'],
  ['Lee, Ann', 'Ann', 'Lee'],
  ['Ann Mary Lee', 'Ann Mary', 'Lee'],
  ['Ludwig van Beethoven', 'Ludwig', 'van Beethoven'],
  ['María de la Cruz', 'María', 'de la Cruz'],
  ['Madonna', null, 'Madonna'],
  ['van Damme', 'van', 'Damme'],
  ['Sample Visitor (test)', 'Sample', 'Visitor (test)'],
  ['Lee,', null, 'Lee'],
  ['李小龙', null, '李小龙'],
])('%j is the first name %j and the last name %j', (name, first, last) => {
  expect(personNameOf(name)).toEqual({ first, last })
})

test.each([null, '', ' \u200b'])('%j is no name', (name) => {
  expect(personNameOf(name)).toBeNull()
})
