-- AlterTable
ALTER TABLE "destinations" ADD COLUMN     "concurrency" INTEGER,
ADD COLUMN     "rate_requests" INTEGER,
ADD COLUMN     "rate_seconds" INTEGER;
