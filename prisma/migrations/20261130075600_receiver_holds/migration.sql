-- The receivers that are left alone for a time, for which due deliveries wait. Workers copy it from the budgets.
CREATE TABLE "receiver_holds" (
    "budget" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "receiver_holds_pkey" PRIMARY KEY ("budget")
);

-- When a periodic task last ran, so that one worker at a time runs it.
CREATE TABLE "periodic_turns" (
    "task" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "periodic_turns_pkey" PRIMARY KEY ("task")
);
