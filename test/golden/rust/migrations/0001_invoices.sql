CREATE TABLE "invoices" (
    "id" BLOB NOT NULL PRIMARY KEY,
    "version" INTEGER NOT NULL,
    "number" TEXT NOT NULL,
    "amount_minor_units" INTEGER NOT NULL,
    "amount_currency" TEXT NOT NULL,
    "due" TEXT NOT NULL,
    "paid" INTEGER NOT NULL,
    "note" TEXT,
    "created_at" TEXT NOT NULL,
    "updated_at" TEXT NOT NULL
) STRICT;
