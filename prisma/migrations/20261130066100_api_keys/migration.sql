-- Keys by which programs call the API for one site.
CREATE TABLE "api_keys" (
    "id" UUID NOT NULL,
    "site_id" INTEGER NOT NULL,
    "user_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "api_keys_site_id_fkey" FOREIGN KEY ("site_id")
        REFERENCES "sites"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "api_keys_user_id_fkey" FOREIGN KEY ("user_id")
        REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "api_keys_token_hash_key" ON "api_keys"("token_hash");
CREATE INDEX "api_keys_site_id_created_at_idx" ON "api_keys"("site_id", "created_at" DESC);
CREATE INDEX "api_keys_user_id_idx" ON "api_keys"("user_id");
CREATE INDEX "api_keys_ended_idx" ON "api_keys"(least("expires_at", "revoked_at"));

-- The key that a user's program called with; null for the user themself. The name stays when the key is deleted.
ALTER TABLE "audit_log" ADD COLUMN "api_key_id" UUID;
ALTER TABLE "audit_log" ADD COLUMN "api_key_name" TEXT;
