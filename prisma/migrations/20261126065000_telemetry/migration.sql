-- The request a delivery was made by, so that what a worker logs of it can be followed back to the caller.
ALTER TABLE "deliveries" ADD COLUMN "request_id" TEXT;

-- What is due in each lane, oldest first, for the metrics (packages/infrastructure/src/database/stats/read-database-metrics.ts). A claim
-- changes none of this, so it touches no index.
CREATE INDEX "deliveries_due_idx" ON "deliveries"(
  (CASE WHEN "operation_id" IS NOT NULL THEN 'bulk' WHEN "attempts" = "series_start" THEN 'live' ELSE 'retry' END),
  "next_attempt_at"
) WHERE "next_attempt_at" IS NOT NULL;
