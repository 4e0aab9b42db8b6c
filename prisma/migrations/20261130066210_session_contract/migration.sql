-- contract: no release of Ghostpost writes this table, other programs do; existing rows stay as they are (NOT VALID)
-- The table refuses what the API refuses. packages/delivery/src/contract/visitor.ts has the same bounds.
ALTER TABLE "visitor_sessions" ADD CONSTRAINT "visitor_sessions_texts_check" CHECK (
    char_length("session_id") BETWEEN 1 AND 128
    AND coalesce(char_length("entry_page"), 0) <= 2048
    AND coalesce(char_length("exit_page"), 0) <= 2048
    AND coalesce(char_length("referrer"), 0) <= 2048
) NOT VALID;
ALTER TABLE "visitor_sessions" ADD CONSTRAINT "visitor_sessions_count_check" CHECK ("pageview_count" >= 0) NOT VALID;
ALTER TABLE "visitor_sessions" ADD CONSTRAINT "visitor_sessions_times_check" CHECK (
    "started_at" >= '1970-01-01Z' AND "started_at" <= clock_timestamp() + interval '5 minutes'
    AND coalesce("ended_at" BETWEEN "started_at" AND clock_timestamp() + interval '5 minutes', true)
) NOT VALID;
