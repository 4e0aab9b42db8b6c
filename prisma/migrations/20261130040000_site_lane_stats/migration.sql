-- What "lane_stats" counts, by site: an account sees the pace of its own sites only. No foreign key: a count may come
-- after its site is gone. Read for five minutes, and deleted after an hour.
CREATE TABLE "site_lane_stats" (
    "site_id" INTEGER NOT NULL,
    "lane" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "due" INTEGER,

    CONSTRAINT "site_lane_stats_pkey" PRIMARY KEY ("site_id","lane","at")
);

-- CreateIndex
CREATE INDEX "site_lane_stats_at_idx" ON "site_lane_stats"("at");
