-- What Prisma's schema language cannot say:

-- Entries on operations hold reasons in people's own words, in which an erased visitor may be named; they are few.
CREATE INDEX "audit_log_operations_idx" ON "audit_log"("site_id") WHERE "object_type" = 'operation';
