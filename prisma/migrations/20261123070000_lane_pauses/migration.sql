-- Lanes that somebody holds. Here and not in the queue, which may lose its data.
CREATE TABLE "lane_pauses" (
    "lane" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "paused_by" UUID NOT NULL,
    "paused_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "lane_pauses_pkey" PRIMARY KEY ("lane")
);
