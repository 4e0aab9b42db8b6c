CREATE INDEX CONCURRENTLY "audit_log_action_idx" ON "audit_log"("site_id", "action", "id" DESC);
