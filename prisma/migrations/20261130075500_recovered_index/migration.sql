CREATE INDEX CONCURRENTLY "deliveries_recovered_idx" ON "deliveries"("site_id", "failure", "id" DESC) WHERE "recovered_by" IS NOT NULL;
