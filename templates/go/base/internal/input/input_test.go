package input

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"uuid"

	"example.com/depot-service/internal/value"
)

type order struct {
	title string
	note  *string
	count int64
	price value.Money
	back  *value.Money
	paid  bool
	due   value.Date
	seen  value.Timestamp
	owner uuid.UUID
	state string
}

func (o *order) read(body *Object) {
	Required(body, "title", &o.title, Text)
	Nullable(body, "note", &o.note, Text)
	Required(body, "count", &o.count, Integer)
	Required(body, "price", &o.price, Money)
	Nullable(body, "back", &o.back, Money)
	Required(body, "paid", &o.paid, Boolean)
	Required(body, "due", &o.due, Date)
	Required(body, "seen", &o.seen, Timestamp)
	Required(body, "owner", &o.owner, UUID)
	Required(body, "state", &o.state, OneOf("open", "shut"))
}

const complete = `{
	"title": "first", "count": 1, "price": {"minor_units": 5, "currency": "EUR"}, "paid": true, "due": "2026-01-31",
	"seen": "2026-01-31T08:30:00Z", "owner": "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b", "state": "open"
}`

func parse(t *testing.T, text string) Body {
	t.Helper()
	body, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// pointers lists where an error finds fault.
func pointers(err error) []string {
	faults, _ := errors.AsType[Faults](err)
	places := []string{}
	for _, fault := range faults {
		places = append(places, string(fault.Pointer))
	}
	slices.Sort(places)
	return places
}

func TestCreate(t *testing.T) {
	var got order
	if err := parse(t, complete).Create(got.read); err != nil {
		t.Fatal(err)
	}
	want := order{
		title: "first", count: 1, price: value.Money{MinorUnits: 5, Currency: "EUR"}, paid: true,
		due: value.Date{Year: 2026, Month: 1, Day: 31}, seen: 1_769_848_200_000,
		owner: uuid.MustParse("0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"), state: "open",
	}
	if got != want {
		t.Errorf("got %+v", got)
	}
}

func TestCreateFindsEveryFault(t *testing.T) {
	for body, want := range map[string][]string{
		`[]`:   {""},
		`null`: {""},
		`{}`:   {"/count", "/due", "/owner", "/paid", "/price", "/seen", "/state", "/title"},
	} {
		if got := pointers(parse(t, body).Create(new(order).read)); !slices.Equal(got, want) {
			t.Errorf("%s: %v", body, got)
		}
	}
}

// after tells what a merge patch of one member does to a complete order.
func after(t *testing.T, patch string) (order, error) {
	note, back := "kept", value.Money{MinorUnits: 1, Currency: "EUR"}
	result := order{title: "first", note: &note, count: 1, price: value.Money{MinorUnits: 5, Currency: "EUR"}, back: &back}
	err := parse(t, patch).Merge(result.read)
	return result, err
}

func TestMerge(t *testing.T) {
	for patch, holds := range map[string]func(order) bool{
		`{}`:                            func(o order) bool { return *o.note == "kept" },
		`{"note": null}`:                func(o order) bool { return o.note == nil },
		`{"title": 1, "title": "x"}`:    func(o order) bool { return o.title == "x" },
		`{"price": {"minor_units": 6}}`: func(o order) bool { return o.price == value.Money{MinorUnits: 6, Currency: "EUR"} },
		`{"price": {}}`:                 func(o order) bool { return o.price.MinorUnits == 5 },
		`{"back": {"currency": "USD"}}`: func(o order) bool { return *o.back == value.Money{MinorUnits: 1, Currency: "USD"} },
		`{"back": null}`:                func(o order) bool { return o.back == nil },
		`{"price":1,"price":{}}`:        func(o order) bool { return o.price.MinorUnits == 5 },
		`{"title": "` + strings.Repeat("é", 2000) + `"}`: func(o order) bool { return len(o.title) == 4000 },
	} {
		result, err := after(t, patch)
		if err != nil || !holds(result) {
			t.Errorf("%s: %+v, %v", patch, result, err)
		}
	}
}

func TestMergeRefuses(t *testing.T) {
	for patch, want := range map[string]string{
		`{"title": null}`:      "/title",
		`{"title": 1}`:         "/title",
		`{"title": "a\u0000"}`: "/title",
		`{"title": "` + strings.Repeat("é", 2001) + `"}`: "/title",
		`{"Title": "x"}`:                 "/Title",
		`{"id": null}`:                   "/id",
		`{"a/b~c": 1}`:                   "/a~1b~0c",
		`{"price": null}`:                "/price",
		`{"price": 5}`:                   "/price",
		`{"price": {"currency": null}}`:  "/price/currency",
		`{"price": {"currency": "eur"}}`: "/price/currency",
		`{"price": {"tax": 1}}`:          "/price/tax",
		`{"paid": "true"}`:               "/paid",
		`{"due": "2026-02-30"}`:          "/due",
		`{"seen": "2026-02-01"}`:         "/seen",
		`{"owner": "0190a1b2"}`:          "/owner",
		`{"state": "ajar"}`:              "/state",
	} {
		_, err := after(t, patch)
		if got := pointers(err); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %v", patch, got)
		}
	}
}

func TestMergeIntoNothingNeedsTheWhole(t *testing.T) {
	var empty order
	err := parse(t, `{"back": {"minor_units": 5}}`).Merge(empty.read)
	if got := pointers(err); !slices.Equal(got, []string{"/back/currency"}) {
		t.Errorf("got %v", got)
	}
}

func TestUnknownMembersAreBounded(t *testing.T) {
	var body strings.Builder
	for member := range 1000 {
		fmt.Fprintf(&body, `,"unknown%d":1`, member)
	}
	_, err := after(t, "{"+body.String()[1:]+"}")
	if got := len(pointers(err)); got != mostUnknown {
		t.Errorf("%d faults", got)
	}
}

func TestLongNamesAreNotRepeated(t *testing.T) {
	var body strings.Builder
	for member := range mostUnknown {
		fmt.Fprintf(&body, `,"%d%s":1`, member, strings.Repeat("~", 40_000))
	}
	_, err := after(t, "{"+body.String()[1:]+"}")
	for _, pointer := range pointers(err) {
		if pointer != "" {
			t.Errorf("a pointer of %d bytes", len(pointer))
		}
	}
	if err == nil {
		t.Error("no fault")
	}
}

func TestInteger(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "-0": 0, "-0.0e5": 0, "100": 100, "1.0": 1, "1e2": 100, "1E+2": 100, "-1.50e1": -15, "1200e-2": 12,
		"9007199254740991": 9007199254740991, "-9007199254740991": -9007199254740991, "0e999999999999": 0,
	} {
		var got int64
		err := parse(t, `{"n":`+text+`}`).Merge(func(o *Object) { Required(o, "n", &got, Integer) })
		if err != nil || got != want {
			t.Errorf("%s: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"1.5", "1e-1", "0.1", "1.00000000000000000000001", "9007199254740992", "-9007199254740992", "1e16", "1e400",
		"1e999999999999", "1e-999999999999", `"1"`, "true", "[1]",
	} {
		var got int64
		err := parse(t, `{"n":`+text+`}`).Merge(func(o *Object) { Required(o, "n", &got, Integer) })
		if !slices.Equal(pointers(err), []string{"/n"}) {
			t.Errorf("%s: %d, %v", text, got, err)
		}
	}
}
