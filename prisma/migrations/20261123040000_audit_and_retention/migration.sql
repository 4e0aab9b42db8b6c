-- AlterTable
ALTER TABLE "deliveries" ADD COLUMN     "erased_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "audit_log" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "user_id" UUID,
    "site_id" INTEGER,
    "action" TEXT NOT NULL,
    "object_type" TEXT NOT NULL,
    "object_id" TEXT,
    "request_id" TEXT NOT NULL,
    "ip" TEXT NOT NULL,
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_log_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "audit_log_site_id_id_idx" ON "audit_log"("site_id", "id" DESC);

-- CreateIndex
CREATE INDEX "audit_log_at_idx" ON "audit_log"("at");

-- CreateIndex
CREATE INDEX "deliveries_site_id_ghost_vid_idx" ON "deliveries"("site_id", "ghost_vid");

-- CreateIndex
CREATE INDEX "idempotency_keys_delivery_id_idx" ON "idempotency_keys"("delivery_id");

-- CreateIndex
CREATE INDEX "payloads_built_at_idx" ON "payloads"("built_at");


-- What Prisma's schema language cannot say:

-- What concerns a user and no site: sign-ins. Read for the members of a site.
CREATE INDEX "audit_log_user_id_id_idx" ON "audit_log"("user_id", "id" DESC) WHERE "site_id" IS NULL;

-- The pruner's work lists: what it has done with is no longer in them.
CREATE INDEX "attempts_kept_bodies_idx" ON "attempts"("started_at") WHERE "response_body" IS NOT NULL OR "response_headers" IS NOT NULL;
CREATE INDEX "deliveries_finished_idx" ON "deliveries"("created_at") WHERE "sweep_at" IS NULL;
