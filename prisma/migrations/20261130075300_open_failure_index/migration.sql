CREATE INDEX CONCURRENTLY "deliveries_open_failure_idx" ON "deliveries"("site_id", "failure", "id" DESC) INCLUDE ("finished_at") WHERE "failure" IS NOT NULL AND "recovered_by" IS NULL;
