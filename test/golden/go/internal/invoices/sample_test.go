package invoices

// sample is a body to create one with.
const sample = `{
	"number": "first",
	"amount": {"minor_units":1999,"currency":"EUR"},
	"due": "2026-01-31",
	"paid": false,
	"note": "first"
}`

// member is a field as a client sees it, with another valid value.
type member struct {
	name     string
	nullable bool
	changed  string
}

var members = []member{
	{"number", false, `"second"`},
	{"amount", false, `{"minor_units":2500,"currency":"EUR"}`},
	{"due", false, `"2026-02-28"`},
	{"paid", false, `true`},
	{"note", true, `"second"`},
}
