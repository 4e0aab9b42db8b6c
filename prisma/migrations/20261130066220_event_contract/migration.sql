-- contract: no release of Ghostpost writes this table, other programs do; existing rows stay as they are (NOT VALID)
-- The table refuses what the API refuses. packages/delivery/src/contract/visitor.ts has the same bounds.

-- The feeder's own id of an event, by which a repeated one is recognised.
ALTER TABLE "events" ADD COLUMN "event_id" TEXT;
ALTER TABLE "events" ADD CONSTRAINT "events_texts_check" CHECK (
    char_length("type") BETWEEN 1 AND 128
    AND coalesce(char_length("page"), 0) <= 2048
    AND coalesce(char_length("event_id") BETWEEN 1 AND 128, true)
) NOT VALID;
ALTER TABLE "events" ADD CONSTRAINT "events_times_check" CHECK (
    "occurred_at" >= '1970-01-01Z' AND "occurred_at" <= clock_timestamp() + interval '5 minutes'
) NOT VALID;
