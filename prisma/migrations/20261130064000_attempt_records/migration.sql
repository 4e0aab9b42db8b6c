-- The record in a CRM that an attempt wrote, and the fields that it left out because the CRM refused their values.
ALTER TABLE "attempts" ADD COLUMN "record" JSONB;
ALTER TABLE "attempts" ADD COLUMN "omitted_fields" JSONB;
