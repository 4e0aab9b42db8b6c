-- A dead letter is recovered when a delivery that was made from it, or from a copy of it, is delivered.
ALTER TABLE "deliveries" ADD COLUMN "recovered_by" UUID;
ALTER TABLE "operations" ADD COLUMN "include_recovered" BOOLEAN NOT NULL DEFAULT false;

CREATE FUNCTION "mark_recovered"() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    WITH RECURSIVE sources AS (
        SELECT d.id, d.made_from, 1 AS depth
        FROM deliveries d
        WHERE d.id = NEW.made_from
        UNION ALL
        SELECT d.id, d.made_from, s.depth + 1
        FROM sources s
        JOIN deliveries d ON d.id = s.made_from
        WHERE s.depth < 100
    )
    UPDATE deliveries d
    SET recovered_by = NEW.id
    FROM sources s
    WHERE d.id = s.id
      AND d.state = 'failed'
      AND d.recovered_by IS NULL;
    RETURN NULL;
END $$;

CREATE TRIGGER "deliveries_recovered"
    AFTER UPDATE OF "state" ON "deliveries"
    FOR EACH ROW
    WHEN (NEW.state = 'delivered' AND OLD.state <> 'delivered' AND NEW.made_from IS NOT NULL)
    EXECUTE FUNCTION "mark_recovered"();
