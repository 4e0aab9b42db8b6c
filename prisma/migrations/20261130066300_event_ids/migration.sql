-- contract: no release of Ghostpost writes events, and no event has an id yet
CREATE UNIQUE INDEX CONCURRENTLY "events_visitor_id_event_id_key" ON "events"("visitor_id", "event_id");
