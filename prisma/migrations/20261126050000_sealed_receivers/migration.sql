-- The URL of a single export leads to a receiver and often is its only secret: it is kept sealed where there is a key.
ALTER TABLE "deliveries" ADD COLUMN     "receiver_scheme" TEXT,
ADD COLUMN     "receiver_url_sealed" BYTEA;

-- AlterTable
ALTER TABLE "destinations" ADD COLUMN     "receiver_scheme" TEXT;
