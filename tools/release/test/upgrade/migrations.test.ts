import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contractReason, findViolations, statementsOf } from '../../src/upgrade/migration-rules.ts'

const folder = join(import.meta.dirname, '../../../../prisma/migrations')
/**
 * Older migrations belong to the first release: no installation in use applied them one by one. upgrade.test.ts runs
 * the previous release on the schema of this one.
 */
const firstCheckedMigration = '20261127'
const names = globSync('*/migration.sql', { cwd: folder })
  .map((path) => path.split('/')[0] ?? '')
  .toSorted()
const sqlOf = (name: string): string => readFileSync(join(folder, name, 'migration.sql'), 'utf8')

test('migrations since the first release only add, or declare a contract', () => {
  const checked = names.filter(
    (name) => name >= firstCheckedMigration && contractReason(sqlOf(name)) === null,
  )
  const violations = checked.flatMap((name) => {
    const earlier = names.filter((other) => other < name).map(sqlOf)
    return findViolations(sqlOf(name), earlier).map((violation) => ({ name, ...violation }))
  })
  expect(violations).toEqual([])
})

const earlier = [
  'create table "deliveries" ("id" uuid primary key); ' +
    'create unique index "users_email_key" on "users"("email"); ' +
    'create index "old_idx" on deliveries(id);',
]

describe('a migration that only adds', () => {
  test.each([
    'CREATE TABLE "notes" ("id" UUID NOT NULL, "text" TEXT NOT NULL, ' +
      'CONSTRAINT "p" PRIMARY KEY ("id"), CHECK (id > 0));\n' +
      'CREATE UNIQUE INDEX "n" ON "notes"("text");\n' +
      'ALTER TABLE "notes" ADD CONSTRAINT c CHECK (true);',
    'ALTER TABLE "deliveries" ADD COLUMN "note" TEXT, ADD COLUMN "n" INTEGER NOT NULL DEFAULT 0;',
    'ALTER TABLE "deliveries" ALTER COLUMN "note" DROP NOT NULL;',
    'ALTER TABLE deliveries ADD COLUMN "a" UUID;\n' +
      'ALTER TABLE deliveries ADD CONSTRAINT "f" FOREIGN KEY ("a") REFERENCES "x"("id") ON DELETE SET NULL;',
    'CREATE INDEX CONCURRENTLY "i" ON "deliveries"("note") WHERE "note" IS NOT NULL;',
    'DROP INDEX "old_idx";',
    `-- drop table deliveries;\ninsert into "settings" values ('drop table deliveries; update x set y');`,
    'create function f() returns void language plpgsql as $$ begin delete from x; update y set z = 1; end $$;',
    'ALTER TABLE "deliveries" SET (fillfactor = 80);',
  ])('passes: %s', (sql) => expect(findViolations(sql, earlier)).toEqual([]))
})

describe('a migration that breaks the previous release or blocks its traffic', () => {
  test.each([
    ['DROP TABLE "deliveries";', 'may use it'],
    ['ALTER TABLE "deliveries" DROP COLUMN "note";', 'may use it'],
    ['ALTER TABLE "deliveries" ADD COLUMN "x" TEXT, DROP CONSTRAINT "c";', 'may use it'],
    ['ALTER TABLE "deliveries" RENAME COLUMN "a" TO "b";', 'old name'],
    ['ALTER TABLE "deliveries" RENAME TO "exports";', 'old name'],
    ['ALTER TABLE "deliveries" ALTER COLUMN "a" TYPE bigint;', 'rewrites'],
    ['ALTER TABLE "deliveries" ALTER COLUMN "a" SET NOT NULL;', 'null'],
    ['ALTER TABLE "deliveries" ALTER COLUMN "a" DROP DEFAULT;', 'leave it out'],
    ['ALTER TABLE "deliveries" ADD COLUMN "a" TEXT NOT NULL;', 'give it a default'],
    [
      'ALTER TABLE "deliveries" ADD COLUMN "b" INT DEFAULT 1, ADD COLUMN "a" TEXT NOT NULL;',
      'give it a default',
    ],
    ['ALTER TABLE "deliveries" ADD COLUMN "a" INT GENERATED ALWAYS AS (1) STORED;', 'rewrites'],
    ['ALTER TABLE "deliveries" ADD CONSTRAINT "c" CHECK ("a" > 0);', 'a new check'],
    ['ALTER TABLE "deliveries" ADD CONSTRAINT "c" UNIQUE ("a");', 'a new unique'],
    [
      'ALTER TABLE "deliveries" ADD CONSTRAINT "c" FOREIGN KEY ("a") REFERENCES "x"("id") ON DELETE CASCADE;',
      'writes',
    ],
    [
      'ALTER TABLE "deliveries" ADD COLUMN "a" UUID;\n' +
        'ALTER TABLE "deliveries" ADD CONSTRAINT "c" FOREIGN KEY ("a") REFERENCES "x"("id");',
      'deletes',
    ],
    ['CREATE UNIQUE INDEX "u" ON "deliveries"("a");', 'the same twice'],
    ['CREATE INDEX "i" ON "deliveries"("a");', 'concurrently'],
    ['CREATE INDEX CONCURRENTLY "i" ON "deliveries"("a"); SELECT 1;', 'only statement'],
    ['DROP INDEX "users_email_key";', 'unique'],
    ['UPDATE "deliveries" SET "a" = 1;', 'in batches'],
    ['DELETE FROM "deliveries";', 'cannot be restored'],
    ['/* a */ TRUNCATE "deliveries";', 'cannot be restored'],
  ])('is refused: %s', (sql, reason) => {
    expect(findViolations(sql, earlier)).toEqual([
      { statement: expect.any(String), reason: expect.stringContaining(reason) },
    ])
  })
})

test('a contract migration gives its reason in the first comment', () => {
  expect(
    contractReason('-- contract: no release since 1.2 reads this column\nalter table x drop column y;'),
  ).toContain('1.2')
  expect(contractReason('-- contract:\nalter table x drop column y;')).toBeNull()
  expect(contractReason('-- Adds a column.\n\nselect 1;\n\n-- contract: not in the first comment')).toBeNull()
})

test('a file is split into its statements', () => {
  expect(
    statementsOf(`-- one; two\nSELECT 'a;''b' ;\n create  TABLE "X" (\n a int); do $x$ begin; end $x$;`),
  ).toEqual([`select ''`, 'create table x ( a int)', `do ''`])
})
