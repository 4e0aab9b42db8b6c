-- Distinguishes the webhooks of a host that limits each webhook on its own (Slack, Discord, Zapier, n8n): a receiver's
-- budget belongs to the thing that the receiver limits.
ALTER TABLE "deliveries" ADD COLUMN "webhook_key" TEXT;
