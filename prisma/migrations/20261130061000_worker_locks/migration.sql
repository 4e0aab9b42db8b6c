-- The key of the advisory lock that a worker holds while it lives. Null for workers of the release before.
ALTER TABLE "workers" ADD COLUMN "lock_key" BIGINT;
