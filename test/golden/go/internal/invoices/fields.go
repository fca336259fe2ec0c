package invoices

import (
	"example.com/billing/internal/input"
	"example.com/billing/internal/value"
)

// Fields are what a client may set.
type Fields struct {
	Number string      `json:"number"`
	Amount value.Money `json:"amount"`
	Due    value.Date  `json:"due"`
	Paid   bool        `json:"paid"`
	Note   *string     `json:"note"`
}

// read takes the fields from a body.
func (f *Fields) read(body *input.Object) {
	input.Required(body, "number", &f.Number, input.Text)
	input.Required(body, "amount", &f.Amount, input.Money)
	input.Required(body, "due", &f.Due, input.Date)
	input.Required(body, "paid", &f.Paid, input.Boolean)
	input.Nullable(body, "note", &f.Note, input.Text)
}

// columns point at the values of a row, to be read or written, in the order of the statements below.
func (r *Record) columns() []any {
	return append(r.changing(), &r.CreatedAt)
}

// changing are the columns of an update: the id that it looks for, and what it may change.
func (r *Record) changing() []any {
	f := &r.Fields
	return []any{
		&r.ID,
		&f.Number,
		&f.Amount.MinorUnits,
		&f.Amount.Currency,
		&f.Due,
		&f.Paid,
		&f.Note,
		&r.UpdatedAt,
		&r.version,
	}
}

const selectRows = `
SELECT
	"id",
	"number",
	"amount_minor_units",
	"amount_currency",
	"due",
	"paid",
	"note",
	"updated_at",
	"version",
	"created_at"
FROM "invoices"`

const insertRow = `
INSERT INTO "invoices" (
	"id",
	"number",
	"amount_minor_units",
	"amount_currency",
	"due",
	"paid",
	"note",
	"updated_at",
	"version",
	"created_at"
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`

const updateRow = `
UPDATE "invoices" SET
	"number" = $2,
	"amount_minor_units" = $3,
	"amount_currency" = $4,
	"due" = $5,
	"paid" = $6,
	"note" = $7,
	"updated_at" = $8,
	"version" = $9
WHERE "id" = $1 AND "version" = $9 - 1`
