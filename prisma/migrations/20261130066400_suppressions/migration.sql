-- Erased visitors stay away. The list contains digests: who reads it learns no visitor's id.
CREATE TABLE "suppressed_visitors" (
    "site_id" INTEGER NOT NULL,
    "digest" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "suppressed_visitors_pkey" PRIMARY KEY ("site_id", "digest"),
    CONSTRAINT "suppressed_visitors_site_id_fkey" FOREIGN KEY ("site_id")
        REFERENCES "sites"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- The key of the digests, padded as HMAC needs it (RFC 2104): triggers have no pgcrypto.
CREATE TABLE "suppression_key" (
    "id" INTEGER NOT NULL DEFAULT 1 CHECK ("id" = 1),
    "inner_pad" BYTEA NOT NULL,
    "outer_pad" BYTEA NOT NULL,

    CONSTRAINT "suppression_key_pkey" PRIMARY KEY ("id")
);
DO $$
DECLARE
    -- Each random UUID has 122 random bits.
    key BYTEA := sha256(convert_to(
        concat(gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid()), 'UTF8'
    ));
    inner_pad BYTEA := decode(repeat('36', 64), 'hex');
    outer_pad BYTEA := decode(repeat('5c', 64), 'hex');
BEGIN
    FOR place IN 0..31 LOOP
        inner_pad := set_byte(inner_pad, place, get_byte(inner_pad, place) # get_byte(key, place));
        outer_pad := set_byte(outer_pad, place, get_byte(outer_pad, place) # get_byte(key, place));
    END LOOP;
    INSERT INTO "suppression_key" ("inner_pad", "outer_pad") VALUES (inner_pad, outer_pad);
END $$;

-- The functions run with the rights of their owner: a feeder's role may read neither table.
CREATE FUNCTION "suppression_digest"(site INTEGER, vid TEXT) RETURNS BYTEA
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT sha256(k.outer_pad || sha256(k.inner_pad || convert_to(site || ' ' || vid, 'UTF8')))
    FROM suppression_key k
$$;

CREATE FUNCTION "is_suppressed"(site INTEGER, vid TEXT) RETURNS BOOLEAN
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    -- Most sites have no list, and pay for no digest.
    IF NOT EXISTS (SELECT FROM suppressed_visitors s WHERE s.site_id = site) THEN
        RETURN false;
    END IF;
    RETURN EXISTS (
        SELECT FROM suppressed_visitors s WHERE s.site_id = site AND s.digest = suppression_digest(site, vid)
    );
END $$;

-- An INSERT skips a suppressed visitor, so that one of them does not stop a feed. An UPDATE cannot skip silently.
CREATE FUNCTION "keep_suppressed_away"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT is_suppressed(NEW.site_id, NEW.ghost_vid) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'the visitor was erased and is suppressed' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER "visitors_suppressed" BEFORE INSERT OR UPDATE OF "site_id", "ghost_vid" ON "visitors"
    FOR EACH ROW EXECUTE FUNCTION "keep_suppressed_away"();

-- An INSERT that waited for the erasure of the same visitor was checked before the erasure ended. So it is checked
-- again.
CREATE FUNCTION "delete_suppressed"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT FROM suppressed_visitors s WHERE s.site_id IN (SELECT n.site_id FROM new_visitors n)) THEN
        DELETE FROM visitors v
        USING new_visitors n
        WHERE v.id = n.id AND is_suppressed(n.site_id, n.ghost_vid);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER "visitors_suppressed_meanwhile" AFTER INSERT ON "visitors"
    REFERENCING NEW TABLE AS new_visitors
    FOR EACH STATEMENT EXECUTE FUNCTION "delete_suppressed"();
