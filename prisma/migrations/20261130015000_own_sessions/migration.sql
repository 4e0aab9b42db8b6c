-- What a person sees of their sessions. Rewriting the table takes a moment: it has one row per session that has not
-- expired. No index on "id": a session is looked for among those of one user.
ALTER TABLE "sessions" ADD COLUMN "id" UUID NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE "sessions" ADD COLUMN "last_used_at" TIMESTAMPTZ(3);
ALTER TABLE "sessions" ADD COLUMN "network" TEXT;
ALTER TABLE "sessions" ADD COLUMN "user_agent" TEXT;
