-- The e-mails of the last hours, by what is limited. No foreign key: a count outlives a deleted rule.
CREATE TABLE "email_counts" (
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "subject" TEXT NOT NULL,
    "emails" INTEGER NOT NULL,

    CONSTRAINT "email_counts_pkey" PRIMARY KEY ("hour","subject")
);
