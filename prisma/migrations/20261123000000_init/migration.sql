-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "token_hash" BYTEA NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "sites" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sites_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "memberships" (
    "user_id" UUID NOT NULL,
    "site_id" INTEGER NOT NULL,
    "role" TEXT NOT NULL DEFAULT 'operator',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "memberships_pkey" PRIMARY KEY ("user_id","site_id")
);

-- CreateTable
CREATE TABLE "visitors" (
    "id" BIGSERIAL NOT NULL,
    "site_id" INTEGER NOT NULL,
    "ghost_vid" TEXT NOT NULL,
    "score" INTEGER NOT NULL DEFAULT 0,
    "identified_user_id" TEXT,
    "name" TEXT,
    "company" TEXT,
    "country" TEXT,
    "city" TEXT,
    "device_type" TEXT,
    "browser" TEXT,
    "total_sessions" INTEGER NOT NULL DEFAULT 0,
    "total_pageviews" INTEGER NOT NULL DEFAULT 0,
    "total_time_seconds" INTEGER NOT NULL DEFAULT 0,
    "first_seen" TIMESTAMPTZ(3) NOT NULL,
    "last_seen" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "visitors_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "visitor_sessions" (
    "id" BIGSERIAL NOT NULL,
    "visitor_id" BIGINT NOT NULL,
    "session_id" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "pageview_count" INTEGER NOT NULL DEFAULT 0,
    "entry_page" TEXT,
    "exit_page" TEXT,
    "referrer" TEXT,

    CONSTRAINT "visitor_sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "events" (
    "id" BIGSERIAL NOT NULL,
    "visitor_id" BIGINT NOT NULL,
    "type" TEXT NOT NULL,
    "page" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deliveries" (
    "id" UUID NOT NULL,
    "site_id" INTEGER NOT NULL,
    "visitor_id" BIGINT NOT NULL,
    "ghost_vid" TEXT NOT NULL,
    "webhook_type" TEXT NOT NULL,
    "receiver_url" TEXT NOT NULL,
    "receiver_host" TEXT NOT NULL,
    "include_journey" BOOLEAN NOT NULL,
    "include_events" BOOLEAN NOT NULL,
    "requested_by" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "claim_id" UUID,
    "claim_expires_at" TIMESTAMPTZ(3),
    "next_attempt_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "sweep_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "delivered_at" TIMESTAMPTZ(3),
    "last_cause" TEXT,
    "last_message" TEXT,
    "last_response_status" INTEGER,

    CONSTRAINT "deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payloads" (
    "delivery_id" UUID NOT NULL,
    "body" TEXT NOT NULL,
    "built_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "payloads_pkey" PRIMARY KEY ("delivery_id")
);

-- CreateTable
CREATE TABLE "attempts" (
    "delivery_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "decision" TEXT NOT NULL,
    "outcome_unknown" BOOLEAN NOT NULL,
    "response_status" INTEGER,
    "response_headers" JSONB,
    "response_body" TEXT,
    "response_bytes" INTEGER NOT NULL DEFAULT 0,
    "response_end" TEXT,
    "cause" TEXT,
    "message" TEXT,
    "remedy" TEXT,
    "receipt" TEXT,

    CONSTRAINT "attempts_pkey" PRIMARY KEY ("delivery_id","number")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "user_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "request_digest" TEXT NOT NULL,
    "delivery_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "answer_status" INTEGER,
    "answer_body" JSONB,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("user_id","key")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

-- CreateIndex
CREATE INDEX "sessions_expires_at_idx" ON "sessions"("expires_at");

-- CreateIndex
CREATE INDEX "memberships_site_id_idx" ON "memberships"("site_id");

-- CreateIndex
CREATE INDEX "visitors_site_id_identified_user_id_idx" ON "visitors"("site_id", "identified_user_id");

-- CreateIndex
CREATE INDEX "visitors_site_id_last_seen_id_idx" ON "visitors"("site_id", "last_seen" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "visitors_site_id_ghost_vid_key" ON "visitors"("site_id", "ghost_vid");

-- CreateIndex
CREATE INDEX "visitor_sessions_visitor_id_started_at_id_idx" ON "visitor_sessions"("visitor_id", "started_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "visitor_sessions_visitor_id_session_id_key" ON "visitor_sessions"("visitor_id", "session_id");

-- CreateIndex
CREATE INDEX "events_visitor_id_occurred_at_id_idx" ON "events"("visitor_id", "occurred_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "deliveries_site_id_created_at_id_idx" ON "deliveries"("site_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "deliveries_site_id_state_created_at_id_idx" ON "deliveries"("site_id", "state", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "deliveries_visitor_id_created_at_idx" ON "deliveries"("visitor_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys"("created_at");

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_site_id_fkey" FOREIGN KEY ("site_id") REFERENCES "sites"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visitors" ADD CONSTRAINT "visitors_site_id_fkey" FOREIGN KEY ("site_id") REFERENCES "sites"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visitor_sessions" ADD CONSTRAINT "visitor_sessions_visitor_id_fkey" FOREIGN KEY ("visitor_id") REFERENCES "visitors"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "events" ADD CONSTRAINT "events_visitor_id_fkey" FOREIGN KEY ("visitor_id") REFERENCES "visitors"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_site_id_fkey" FOREIGN KEY ("site_id") REFERENCES "sites"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payloads" ADD CONSTRAINT "payloads_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "deliveries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "deliveries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "deliveries"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What Prisma's schema language cannot say:

ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_state_check"
  CHECK ("state" IN ('queued', 'delivering', 'retrying', 'delivered', 'failed', 'cancelled'));

-- The sweeper's work list: only unfinished deliveries are in it, so a sweep costs nothing for finished ones.
CREATE INDEX "deliveries_sweep_at_idx" ON "deliveries"("sweep_at") WHERE "sweep_at" IS NOT NULL;

-- Each delivery is updated twice per attempt; room on its page keeps those updates near.
ALTER TABLE "deliveries" SET (fillfactor = 80);
