CREATE TABLE "invoices" (
  "id" TEXT PRIMARY KEY,
  "number" TEXT NOT NULL,
  "amount_minor_units" INTEGER NOT NULL,
  "amount_currency" TEXT NOT NULL,
  "due" TEXT NOT NULL,
  "paid" INTEGER NOT NULL,
  "note" TEXT,
  "created_at" TEXT NOT NULL,
  "updated_at" TEXT NOT NULL,
  "version" INTEGER NOT NULL
) STRICT;
