-- A delivery may be sent again (a new series of attempts), be made from another one, or belong to an operation.
ALTER TABLE "deliveries" ADD COLUMN     "series_start" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "operation_id" UUID,
ADD COLUMN     "made_from" UUID,
ADD COLUMN     "finished_at" TIMESTAMPTZ(3);

-- What was sent, and how long each part of the exchange took.
ALTER TABLE "attempts" ADD COLUMN     "request_headers" JSONB,
ADD COLUMN     "timings" JSONB;

-- CreateTable
CREATE TABLE "failure_groups" (
    "site_id" INTEGER NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "ignored_until" TIMESTAMPTZ(3),
    "note" TEXT,
    "changed_by" UUID NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "failure_groups_pkey" PRIMARY KEY ("site_id","fingerprint")
);

-- CreateTable
CREATE TABLE "operations" (
    "id" UUID NOT NULL,
    "site_id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'planned',
    "state_reason" TEXT,
    "selection" JSONB NOT NULL,
    "selection_key" TEXT NOT NULL,
    "destination_id" UUID,
    "rate" INTEGER NOT NULL,
    "canary" TEXT NOT NULL,
    "matched" INTEGER NOT NULL,
    "watermark" TIMESTAMPTZ(3) NOT NULL,
    "cursor" TEXT,
    "fed" INTEGER NOT NULL DEFAULT 0,
    "all_fed" BOOLEAN NOT NULL DEFAULT false,
    "reason" TEXT,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "fed_at" TIMESTAMPTZ(3),

    CONSTRAINT "operations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operation_items" (
    "operation_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "delivery_id" UUID,
    "source_delivery_id" UUID,
    "ghost_vid" TEXT NOT NULL,
    "outcome" TEXT NOT NULL DEFAULT 'waiting',
    "reason" TEXT,

    CONSTRAINT "operation_items_pkey" PRIMARY KEY ("operation_id","number")
);

-- CreateIndex
CREATE INDEX "operations_site_id_id_idx" ON "operations"("site_id", "id" DESC);

-- CreateIndex
CREATE INDEX "operation_items_operation_id_outcome_number_idx" ON "operation_items"("operation_id", "outcome", "number");

-- CreateIndex
CREATE INDEX "operation_items_delivery_id_idx" ON "operation_items"("delivery_id");

-- The log is read newest first, by the delivery's id, which begins with the time it was made (UUID version 7).
DROP INDEX "deliveries_site_id_created_at_id_idx";
DROP INDEX "deliveries_site_id_state_created_at_id_idx";
DROP INDEX "deliveries_visitor_id_created_at_idx";
DROP INDEX "deliveries_destination_id_created_at_id_idx";

-- CreateIndex
CREATE INDEX "deliveries_site_id_id_idx" ON "deliveries"("site_id", "id" DESC);

-- CreateIndex
CREATE INDEX "deliveries_visitor_id_id_idx" ON "deliveries"("visitor_id", "id" DESC);

-- CreateIndex
CREATE INDEX "deliveries_destination_id_id_idx" ON "deliveries"("destination_id", "id" DESC);

-- CreateIndex
CREATE INDEX "deliveries_site_id_receiver_host_id_idx" ON "deliveries"("site_id", "receiver_host", "id" DESC);

-- AddForeignKey
ALTER TABLE "failure_groups" ADD CONSTRAINT "failure_groups_site_id_fkey" FOREIGN KEY ("site_id") REFERENCES "sites"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "operations" ADD CONSTRAINT "operations_site_id_fkey" FOREIGN KEY ("site_id") REFERENCES "sites"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "operation_items" ADD CONSTRAINT "operation_items_operation_id_fkey" FOREIGN KEY ("operation_id") REFERENCES "operations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema language cannot say:

-- Dead letters of one cause at one receiver are a failure group; this names it.
ALTER TABLE "deliveries" ADD COLUMN "failure" TEXT GENERATED ALWAYS AS (
  CASE WHEN "state" = 'failed' THEN
    left(md5("webhook_type" || ' ' || coalesce("last_cause", '') || ' ' || coalesce("destination_id"::text, "receiver_host")), 16)
  END) STORED;

-- Each holds only the deliveries it is about: what is delivered at once never enters them.
CREATE INDEX "deliveries_failure_idx" ON "deliveries"("site_id", "failure", "id" DESC) INCLUDE ("finished_at") WHERE "failure" IS NOT NULL;
CREATE INDEX "deliveries_failed_idx" ON "deliveries"("site_id", "id" DESC) WHERE "state" = 'failed';
CREATE INDEX "deliveries_cancelled_idx" ON "deliveries"("site_id", "id" DESC) WHERE "state" = 'cancelled';
CREATE INDEX "deliveries_unfinished_idx" ON "deliveries"("site_id", "id" DESC) WHERE "sweep_at" IS NOT NULL;
CREATE INDEX "deliveries_cause_idx" ON "deliveries"("site_id", "last_cause", "id" DESC) WHERE "last_cause" IS NOT NULL;
CREATE INDEX "deliveries_operation_idx" ON "deliveries"("operation_id", "id" DESC) WHERE "operation_id" IS NOT NULL;
CREATE INDEX "operations_unfinished_idx" ON "operations"("fed_at") WHERE "finished_at" IS NULL AND "state" IN ('running', 'cancelled');

ALTER TABLE "operations" ADD CONSTRAINT "operations_state_check"
  CHECK ("state" IN ('planned', 'running', 'paused', 'completed', 'cancelled', 'expired'));
ALTER TABLE "operation_items" ADD CONSTRAINT "operation_items_outcome_check"
  CHECK ("outcome" IN ('waiting', 'delivered', 'failed', 'skipped', 'cancelled'));
ALTER TABLE "failure_groups" ADD CONSTRAINT "failure_groups_state_check"
  CHECK ("state" IN ('open', 'acknowledged', 'ignored', 'resolved'));

-- The same wish runs once at a time.
CREATE UNIQUE INDEX "operations_selection_idx" ON "operations"("site_id", "selection_key") WHERE "state" IN ('running', 'paused');
