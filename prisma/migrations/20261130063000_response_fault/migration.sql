-- What is wrong with a response that counts because its status line is readable, for example a folded header.
ALTER TABLE "attempts" ADD COLUMN "response_fault" TEXT;
