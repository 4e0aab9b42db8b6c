-- AlterTable
ALTER TABLE "deliveries" ADD COLUMN     "destination_id" UUID,
ADD COLUMN     "sample" BOOLEAN NOT NULL DEFAULT false,
ALTER COLUMN "receiver_url" DROP NOT NULL;

-- CreateTable
CREATE TABLE "destinations" (
    "id" UUID NOT NULL,
    "site_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "webhook_type" TEXT NOT NULL,
    "receiver_host" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "retry_schedule" TEXT,
    "state" TEXT NOT NULL DEFAULT 'enabled',
    "state_reason" TEXT,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "destinations_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "destinations_site_id_name_key" ON "destinations"("site_id", "name");

-- CreateIndex
CREATE INDEX "deliveries_destination_id_created_at_id_idx" ON "deliveries"("destination_id", "created_at" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "destinations" ADD CONSTRAINT "destinations_site_id_fkey" FOREIGN KEY ("site_id") REFERENCES "sites"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_destination_id_fkey" FOREIGN KEY ("destination_id") REFERENCES "destinations"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What Prisma's schema language cannot say:

ALTER TABLE "destinations" ADD CONSTRAINT "destinations_state_check" CHECK ("state" IN ('enabled', 'paused', 'disabled'));
