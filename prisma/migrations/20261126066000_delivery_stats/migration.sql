-- How many attempts ended how, and how long they took: added up by the workers, so that a plot reads some hundred rows
-- whatever the log holds. No foreign keys: a count may come after what it counted is gone.
CREATE TABLE "delivery_stats" (
    "site_id" INTEGER NOT NULL,
    "subject" UUID NOT NULL,
    "span" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "delivered" INTEGER NOT NULL DEFAULT 0,
    "retried" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "durations" INTEGER[],

    CONSTRAINT "delivery_stats_pkey" PRIMARY KEY ("site_id","subject","span","at")
);

-- The same by lane and minute, with what was due then.
CREATE TABLE "lane_stats" (
    "lane" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "due" INTEGER,

    CONSTRAINT "lane_stats_pkey" PRIMARY KEY ("lane","at")
);

-- CreateIndex
CREATE INDEX "delivery_stats_span_at_idx" ON "delivery_stats"("span", "at");

-- CreateIndex
CREATE INDEX "lane_stats_at_idx" ON "lane_stats"("at");
