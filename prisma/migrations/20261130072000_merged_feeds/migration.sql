-- contract: no release of Ghostpost writes these tables but the API, and the new columns are null in all rows
-- Feeds of single facts (Segment's API) are merged field by field: when each field of the profile was said.
ALTER TABLE "visitors" ADD COLUMN "field_times" JSON;
-- Sessions of such a feed are derived from its events: the feeder's id of the session, or '' when it has none.
ALTER TABLE "events" ADD COLUMN "session_key" TEXT;
ALTER TABLE "events" ADD COLUMN "referrer" TEXT;

ALTER TABLE "events" ADD CONSTRAINT "events_session_check" CHECK (
    coalesce(char_length("session_key"), 0) <= 128 AND coalesce(char_length("referrer"), 0) <= 2048
) NOT VALID;
