-- contract: writes only a new column, of the few dead letters that were copied; no release reads it yet
-- Dead letters whose direct copy was delivered before the trigger existed.
UPDATE "deliveries" d
SET "recovered_by" = c."id"
FROM "deliveries" c
WHERE c."made_from" = d."id"
  AND c."state" = 'delivered'
  AND d."state" = 'failed'
  AND d."recovered_by" IS NULL;
