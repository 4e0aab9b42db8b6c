CREATE INDEX CONCURRENTLY "deliveries_open_failed_idx" ON "deliveries"("site_id", "id" DESC) WHERE "failure" IS NOT NULL AND "recovered_by" IS NULL;
