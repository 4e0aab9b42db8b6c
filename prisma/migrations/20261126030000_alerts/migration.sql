-- A delivery that tells of an alert instead of a visitor. No foreign key: it stays marked when the rule is gone.
ALTER TABLE "deliveries" ADD COLUMN     "alert_rule_id" UUID;

-- CreateTable
CREATE TABLE "alert_rules" (
    "id" UUID NOT NULL,
    "site_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "threshold" DOUBLE PRECISION,
    "window_seconds" INTEGER,
    "minimum_count" INTEGER,
    "webhook_type" TEXT,
    "watched_destination_id" UUID,
    "destination_id" UUID,
    "email_to" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "cooldown_seconds" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'ok',
    "last_value" DOUBLE PRECISION,
    "samples" JSONB NOT NULL DEFAULT '[]',
    "told" BOOLEAN NOT NULL DEFAULT false,
    "told_at" TIMESTAMPTZ(3),
    "told_of" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "fired_at" TIMESTAMPTZ(3),
    "resolved_at" TIMESTAMPTZ(3),
    "evaluated_at" TIMESTAMPTZ(3),
    "evaluate_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "alert_rules_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alerts" (
    "id" UUID NOT NULL,
    "rule_id" UUID NOT NULL,
    "phase" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "delivery_id" UUID,
    "email_to" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "email_state" TEXT,
    "email_attempts" INTEGER NOT NULL DEFAULT 0,
    "email_due_at" TIMESTAMPTZ(3),
    "email_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "alerts_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "alert_rules_site_id_name_key" ON "alert_rules"("site_id", "name");

-- CreateIndex
CREATE INDEX "alerts_rule_id_id_idx" ON "alerts"("rule_id", "id" DESC);

-- CreateIndex
CREATE INDEX "alerts_created_at_idx" ON "alerts"("created_at");

-- AddForeignKey
ALTER TABLE "alert_rules" ADD CONSTRAINT "alert_rules_site_id_fkey" FOREIGN KEY ("site_id") REFERENCES "sites"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert_rules" ADD CONSTRAINT "alert_rules_destination_id_fkey" FOREIGN KEY ("destination_id") REFERENCES "destinations"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_rule_id_fkey" FOREIGN KEY ("rule_id") REFERENCES "alert_rules"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema language cannot say:

ALTER TABLE "alert_rules" ADD CONSTRAINT "alert_rules_state_check" CHECK ("state" IN ('ok', 'firing', 'resolved'));
ALTER TABLE "alert_rules" ADD CONSTRAINT "alert_rules_kind_check"
  CHECK ("kind" IN ('failure_rate', 'dead_letters', 'destination_disabled', 'queue_age', 'not_draining'));
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_phase_check" CHECK ("phase" IN ('firing', 'resolved', 'test'));
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_email_state_check" CHECK ("email_state" IN ('waiting', 'sent', 'failed'));

-- The evaluators' and the mailer's work lists.
CREATE INDEX "alert_rules_evaluate_at_idx" ON "alert_rules"("evaluate_at") WHERE "enabled";
CREATE INDEX "alerts_email_due_at_idx" ON "alerts"("email_due_at") WHERE "email_due_at" IS NOT NULL;

-- Dead letters by when they became such; a delivery that is delivered never enters it.
CREATE INDEX "deliveries_dead_idx" ON "deliveries"("site_id", "finished_at" DESC) WHERE "failure" IS NOT NULL;
