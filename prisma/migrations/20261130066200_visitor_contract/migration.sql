-- contract: no release of Ghostpost writes this table, other programs do; existing rows stay as they are (NOT VALID)
-- The table refuses what the API refuses. packages/delivery/src/contract/visitor.ts has the same bounds.
-- The tables of sessions and events have migrations of their own: a transaction that locks several tables can deadlock
-- with the statements of the running release.
ALTER TABLE "visitors" ADD COLUMN "traits" JSON;

ALTER TABLE "visitors" ADD CONSTRAINT "visitors_ghost_vid_check"
    CHECK ("ghost_vid" ~ '^gv_[A-Za-z0-9_-]{1,128}$') NOT VALID;
ALTER TABLE "visitors" ADD CONSTRAINT "visitors_score_check" CHECK ("score" BETWEEN 0 AND 100) NOT VALID;
ALTER TABLE "visitors" ADD CONSTRAINT "visitors_texts_check" CHECK (
    char_length("identified_user_id") BETWEEN 1 AND 256
    AND coalesce(char_length("name"), 0) <= 256
    AND coalesce(char_length("company"), 0) <= 256
    AND coalesce(char_length("country"), 0) <= 256
    AND coalesce(char_length("city"), 0) <= 256
    AND coalesce(char_length("device_type"), 0) <= 256
    AND coalesce(char_length("browser"), 0) <= 256
) NOT VALID;
ALTER TABLE "visitors" ADD CONSTRAINT "visitors_totals_check" CHECK (
    "total_sessions" >= 0 AND "total_pageviews" >= 0 AND "total_time_seconds" >= 0
) NOT VALID;
-- What was not in the future once is never in the future again, so the check stays true.
ALTER TABLE "visitors" ADD CONSTRAINT "visitors_times_check" CHECK (
    "first_seen" >= '1970-01-01Z' AND "first_seen" <= "last_seen"
    AND "last_seen" <= clock_timestamp() + interval '5 minutes'
) NOT VALID;
ALTER TABLE "visitors" ADD CONSTRAINT "visitors_traits_check" CHECK (
    json_typeof("traits") = 'object' AND octet_length("traits"::text) <= 8192
) NOT VALID;
