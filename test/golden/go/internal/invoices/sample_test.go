package invoices

// sample is a body to create one with.
const sample = `{
	"number": "first",
	"amount": {"minor_units":1999,"currency":"EUR"},
	"due": "2026-01-31",
	"paid": false,
	"note": "first"
}`

// members are the fields as a client sees them, each with another valid value.
var members = []struct {
	name     string
	nullable bool
	changed  string
}{
	{"number", false, `"second"`},
	{"amount", false, `{"minor_units":2500,"currency":"EUR"}`},
	{"due", false, `"2026-02-28"`},
	{"paid", false, `true`},
	{"note", true, `"second"`},
}
