-- A claim changes no column that an index holds or asks for, and finds room beside the row it replaces: Postgres then
-- touches none of the indexes (https://www.postgresql.org/docs/current/storage-hot.html).
ALTER TABLE "deliveries" SET (fillfactor = 75);

-- What is finished, was not delivered and is no dead letter was cancelled.
DROP INDEX "deliveries_cancelled_idx";
CREATE INDEX "deliveries_cancelled_idx" ON "deliveries"("site_id", "id" DESC)
  WHERE "sweep_at" IS NULL AND "delivered_at" IS NULL AND "failure" IS NULL;
DROP INDEX "deliveries_failed_idx";
CREATE INDEX "deliveries_failed_idx" ON "deliveries"("site_id", "id" DESC) WHERE "failure" IS NOT NULL;

-- Payloads and attempts are only ever written together with a delivery that is there, so looking it up again (and
-- locking it) for each was work for nothing. They still go with it.
ALTER TABLE "payloads" DROP CONSTRAINT "payloads_delivery_id_fkey";
ALTER TABLE "attempts" DROP CONSTRAINT IF EXISTS "attempts_delivery_id_fkey";

CREATE FUNCTION "forget_deliveries"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "payloads" WHERE "delivery_id" = ANY (ARRAY(SELECT "id" FROM gone));
  DELETE FROM "attempts" WHERE "delivery_id" = ANY (ARRAY(SELECT "id" FROM gone));
  RETURN NULL;
END $$;
CREATE TRIGGER "deliveries_forgotten" AFTER DELETE ON "deliveries"
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION "forget_deliveries"();
