CREATE INDEX CONCURRENTLY "deliveries_made_from_idx" ON "deliveries"("made_from", "id" DESC) WHERE "made_from" IS NOT NULL;
