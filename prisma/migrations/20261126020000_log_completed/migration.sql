-- What an attempt sent where that is not the stored payload (a CRM mode makes a request of its own), and by which method.
ALTER TABLE "attempts" ADD COLUMN     "request_body" TEXT,
ADD COLUMN     "request_method" TEXT;

-- Why the next attempt is when it is: the retry schedule, or because the receiver asked for it.
ALTER TABLE "deliveries" ADD COLUMN     "next_attempt_because" TEXT;

-- Up to when an operation has used its rate, and what became of its members, once it has ended.
ALTER TABLE "operations" ADD COLUMN     "paced_at" TIMESTAMPTZ(3),
ADD COLUMN     "tally" JSONB;

-- The failure group a member came from, and the one it failed into: a group can say what replays did to it.
ALTER TABLE "operation_items" ADD COLUMN     "failure_after" TEXT,
ADD COLUMN     "failure_before" TEXT;

-- What Prisma's schema language cannot say:

-- Words of a visitor, for the text search of the log (packages/infrastructure/src/database/log/visitor-words.ts).
CREATE INDEX "visitors_words_idx" ON "visitors" USING GIN (
  to_tsvector('simple'::regconfig, translate(
    coalesce("name", '') || ' ' || coalesce("company", '') || ' ' || coalesce("identified_user_id", '') || ' ' || "ghost_vid",
    '@._-+/', '      '))
);

-- The few attempts of which nobody knows whether the receiver acted: a plan counts them.
CREATE INDEX "attempts_unknown_idx" ON "attempts"("delivery_id") WHERE "outcome_unknown";

-- The pruner's work list: what was sent is on it, too, even where no answer came.
DROP INDEX "attempts_kept_bodies_idx";
CREATE INDEX "attempts_kept_bodies_idx" ON "attempts"("started_at")
  WHERE "response_body" IS NOT NULL OR "response_headers" IS NOT NULL OR "request_body" IS NOT NULL OR "request_headers" IS NOT NULL;

-- What an operation has begun and not tried yet: its feeding is held back by it.
-- A claim changes none of this, so it touches no index.
CREATE INDEX "deliveries_operation_untried_idx" ON "deliveries"("operation_id")
  WHERE "operation_id" IS NOT NULL AND "next_attempt_at" IS NOT NULL AND "attempts" = "series_start";

CREATE INDEX "operation_items_failure_idx" ON "operation_items"("failure_before", "operation_id", "outcome", "failure_after") WHERE "failure_before" IS NOT NULL;
