package invoices

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"uuid"

	service "example.com/billing"
	"example.com/billing/internal/database"
	"example.com/billing/internal/database/databasetest"
	"example.com/billing/internal/web"
)

type client struct {
	t       *testing.T
	handler http.Handler
}

func newClient(t *testing.T) client {
	t.Helper()
	return newClientOf(t, openDatabase(t))
}

func newClientOf(t *testing.T, db *database.DB) client {
	t.Helper()
	api := web.NewAPI(web.NewLog(io.Discard, 0), web.Limits{BodyBytes: 1 << 20, Time: time.Minute})
	if err := Register(t.Context(), api, db); err != nil {
		t.Fatal(err)
	}
	return client{t, api}
}

func openDatabase(t *testing.T) *database.DB {
	t.Helper()
	db, err := database.Open(t.Context(), databasetest.NewURL(t), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// answer is what the tests look at of a response.
type answer struct {
	status  int
	header  http.Header
	members map[string]jsontext.Value
}

func (c client) do(method, target, body string, header ...string) answer {
	c.t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	recorder := httptest.NewRecorder()
	c.handler.ServeHTTP(recorder, r)
	result := answer{status: recorder.Code, header: recorder.Header()}
	if recorder.Body.Len() > 0 {
		if err := json.Unmarshal(recorder.Body.Bytes(), &result.members); err != nil {
			c.t.Fatalf("%v in %s", err, recorder.Body)
		}
	}
	return result
}

func (c client) create() answer {
	c.t.Helper()
	created := c.do("POST", path, sample)
	c.expect(created, http.StatusCreated)
	return created
}

// createAnother creates one that differs from the sample in a member.
func (c client) createAnother(other member) answer {
	c.t.Helper()
	var body map[string]jsontext.Value
	if err := json.Unmarshal([]byte(sample), &body); err != nil {
		c.t.Fatal(err)
	}
	body[other.name] = jsontext.Value(other.changed)
	text, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	created := c.do("POST", path, string(text))
	c.expect(created, http.StatusCreated)
	return created
}

func (c client) expect(got answer, status int) {
	c.t.Helper()
	if got.status != status {
		c.t.Fatalf("status %d, want %d: %s", got.status, status, got.members)
	}
}

func (a answer) location() string { return a.header.Get("Location") }
func (a answer) etag() string     { return a.header.Get("ETag") }

// pointers lists where a problem finds fault.
func (a answer) pointers() []string {
	var faults []struct {
		Pointer string `json:"pointer"`
	}
	_ = json.Unmarshal(a.members["errors"], &faults)
	pointers := []string{}
	for _, fault := range faults {
		pointers = append(pointers, fault.Pointer)
	}
	return pointers
}

func equalJSON(a, b jsontext.Value) bool {
	a, b = a.Clone(), b.Clone()
	return a.Canonicalize() == nil && b.Canonicalize() == nil && string(a) == string(b)
}

func sameMembers(a, b map[string]jsontext.Value) bool {
	return maps.EqualFunc(a, b, equalJSON)
}

func TestCreate(t *testing.T) {
	c := newClient(t)
	created := c.create()
	var body map[string]jsontext.Value
	if err := json.Unmarshal([]byte(sample), &body); err != nil {
		t.Fatal(err)
	}
	for name, value := range body {
		if !equalJSON(created.members[name], value) {
			t.Errorf("%s is %s, want %s", name, created.members[name], value)
		}
	}
	if id := strings.Trim(string(created.members["id"]), `"`); created.location() != path+"/"+id {
		t.Errorf("Location %s of %s", created.location(), id)
	}
	got := c.do("GET", created.location(), "")
	c.expect(got, http.StatusOK)
	if got.etag() != created.etag() || !sameMembers(got.members, created.members) {
		t.Errorf("created %s\ngot %s", created.members, got.members)
	}
}

func TestCreateRefuses(t *testing.T) {
	c := newClient(t)
	required := []string{}
	for _, member := range members {
		if !member.nullable {
			required = append(required, "/"+member.name)
		}
		wrong := c.do("POST", path, `{"`+member.name+`": []}`)
		c.expect(wrong, http.StatusUnprocessableEntity)
		if !slices.Contains(wrong.pointers(), "/"+member.name) {
			t.Errorf("%s: %s", member.name, wrong.members)
		}
	}
	if empty := c.do("POST", path, `{}`); !slices.Equal(empty.pointers(), required) {
		t.Errorf("an empty body: %s", empty.members)
	}
	for _, name := range []string{"id", "created_at", "updated_at", "unknown"} {
		refused := c.do("POST", path, `{"`+name+`": null}`)
		if !slices.Contains(refused.pointers(), "/"+name) {
			t.Errorf("%s: %s", name, refused.members)
		}
	}
	c.expect(c.do("POST", path, `{`), http.StatusBadRequest)
	c.expect(c.do("POST", path, sample, "Content-Type", "text/plain"), http.StatusUnsupportedMediaType)
}

func TestList(t *testing.T) {
	c := newClient(t)
	empty := c.do("GET", path, "")
	if string(empty.members["data"]) != "[]" || string(empty.members["next_cursor"]) != "null" {
		t.Errorf("empty: %s", empty.members)
	}
	var want []map[string]jsontext.Value
	for number := range 5 {
		want = append(want, c.createAnother(members[number%len(members)]).members)
	}
	var got []map[string]jsontext.Value
	for target, pages := path+"?limit=2", 0; target != ""; pages++ {
		if pages == 3 {
			t.Fatal("a fourth page")
		}
		page := c.do("GET", target, "")
		c.expect(page, http.StatusOK)
		var data []map[string]jsontext.Value
		if err := json.Unmarshal(page.members["data"], &data); err != nil {
			t.Fatal(err)
		}
		got = append(got, data...)
		link, _ := strings.CutSuffix(page.header.Get("Link"), `>; rel="next"`)
		target = strings.TrimPrefix(link, "<")
	}
	if !slices.EqualFunc(got, want, sameMembers) {
		t.Errorf("got %s, want %s", got, want)
	}
	c.expect(c.do("GET", path+"?limit=0", ""), http.StatusBadRequest)
	c.expect(c.do("GET", path+"?cursor=x", ""), http.StatusBadRequest)
}

func TestGetUnlessTheClientHasIt(t *testing.T) {
	c := newClient(t)
	created := c.create()
	same := c.do("GET", created.location(), "", "If-None-Match", "W/"+created.etag())
	c.expect(same, http.StatusNotModified)
	if same.etag() != created.etag() || same.members != nil {
		t.Errorf("304 with %q, %s", same.etag(), same.members)
	}
	c.expect(c.do("GET", created.location(), "", "If-None-Match", `"other"`), http.StatusOK)
	c.expect(c.do("GET", path+"/00000000-0000-7000-8000-000000000000", ""), http.StatusNotFound)
	c.expect(c.do("GET", path+"/1", ""), http.StatusBadRequest)
}

func TestUpdate(t *testing.T) {
	c := newClient(t)
	created := c.create()
	current := created
	for _, member := range members {
		if equalJSON(created.members[member.name], jsontext.Value(member.changed)) {
			continue // It has no other value.
		}
		patch := `{"` + member.name + `": ` + member.changed + `}`
		updated := c.do("PATCH", created.location(), patch, "If-Match", current.etag())
		c.expect(updated, http.StatusOK)
		if !equalJSON(updated.members[member.name], jsontext.Value(member.changed)) || updated.etag() == current.etag() {
			t.Errorf("%s: %s, %s", patch, updated.etag(), updated.members)
		}
		again := c.do("PATCH", created.location(), patch, "If-Match", updated.etag())
		c.expect(again, http.StatusOK)
		if again.etag() != updated.etag() || !sameMembers(again.members, updated.members) {
			t.Errorf("%s again: %s, %s", patch, again.etag(), again.members)
		}
		c.expect(c.do("PATCH", created.location(), patch, "If-Match", current.etag()), http.StatusPreconditionFailed)
		current = updated
	}
	got := c.do("GET", created.location(), "")
	if !sameMembers(got.members, current.members) {
		t.Errorf("got %s, want %s", got.members, current.members)
	}
}

func TestUpdateRefuses(t *testing.T) {
	c := newClient(t)
	created := c.create()
	for _, member := range members {
		null := c.do("PATCH", created.location(), `{"`+member.name+`": null}`, "If-Match", "*")
		if member.nullable {
			c.expect(null, http.StatusOK)
			continue
		}
		c.expect(null, http.StatusUnprocessableEntity)
		if !slices.Equal(null.pointers(), []string{"/" + member.name}) {
			t.Errorf("%s: %s", member.name, null.members)
		}
	}
	absent := path + "/00000000-0000-7000-8000-000000000000"
	c.expect(c.do("PATCH", created.location(), `{}`), http.StatusPreconditionRequired)
	c.expect(c.do("PATCH", created.location(), `{"id": 1}`, "If-Match", `"stale"`), http.StatusPreconditionFailed)
	c.expect(c.do("PATCH", created.location(), `[]`, "If-Match", "*"), http.StatusUnprocessableEntity)
	c.expect(c.do("PATCH", absent, `{}`), http.StatusNotFound)
	c.expect(c.do("PATCH", absent, `{`), http.StatusBadRequest)
	c.expect(c.do("PATCH", path+"/1", `{}`), http.StatusBadRequest)
}

func TestDelete(t *testing.T) {
	c := newClient(t)
	created := c.create()
	c.expect(c.do("DELETE", created.location(), "", "If-Match", `"stale"`), http.StatusPreconditionFailed)
	c.expect(c.do("DELETE", created.location(), "", "If-Match", created.etag()), http.StatusNoContent)
	c.expect(c.do("DELETE", created.location(), ""), http.StatusNotFound)
	c.expect(c.do("GET", created.location(), ""), http.StatusNotFound)
}

func TestStoreTakesOneOfTwoUpdates(t *testing.T) {
	store, err := NewStore(t.Context(), openDatabase(t))
	if err != nil {
		t.Fatal(err)
	}
	created, err := store.Create(t.Context(), Fields{})
	if err != nil {
		t.Fatal(err)
	}
	const writers = 8
	errs := make([]error, writers)
	var group sync.WaitGroup
	for writer := range writers {
		group.Go(func() { _, errs[writer] = store.Update(t.Context(), created, Fields{}) })
	}
	group.Wait()
	stale := slices.DeleteFunc(errs, func(err error) bool { return err == nil })
	if len(stale) != writers-1 || slices.ContainsFunc(stale, func(err error) bool { return !errors.Is(err, errStale) }) {
		t.Errorf("got %v", stale)
	}
	if err := store.Delete(t.Context(), created); !errors.Is(err, errStale) {
		t.Errorf("delete: %v", err)
	}
}

func TestStoreUpdatesNothingElse(t *testing.T) {
	db := openDatabase(t)
	created := newClientOf(t, db).create()
	id, err := uuid.Parse(strings.TrimPrefix(created.location(), path+"/"))
	if err != nil {
		t.Fatal(err)
	}
	store, err := NewStore(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	read, err := store.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	other := *read
	other.CreatedAt++
	if _, err := store.Update(t.Context(), &other, read.Fields); err != nil {
		t.Fatal(err)
	}
	updated, err := store.Get(t.Context(), id)
	if err != nil || updated.CreatedAt != read.CreatedAt {
		t.Errorf("created at %v, now %v, %v", read.CreatedAt, updated.CreatedAt, err)
	}
}

func TestDocumentDescribesTheFields(t *testing.T) {
	var document struct {
		Components struct {
			Schemas map[string]struct {
				Required   []string                  `json:"required"`
				Properties map[string]jsontext.Value `json:"properties"`
			} `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(service.OpenAPI, &document); err != nil {
		t.Fatal(err)
	}
	var all, required []string
	for _, member := range members {
		all = append(all, member.name)
		if !member.nullable {
			required = append(required, member.name)
		}
	}
	answered := slices.Collect(maps.Keys(newClient(t).create().members))
	for name, want := range map[string]struct{ properties, required []string }{
		"Invoice":       {answered, answered},
		"InvoiceCreate": {all, required},
		"InvoicePatch":  {all, nil},
	} {
		schema := document.Components.Schemas[name]
		if got := slices.Collect(maps.Keys(schema.Properties)); !sameNames(got, want.properties) {
			t.Errorf("%s has %v, want %v", name, got, want.properties)
		}
		if !sameNames(schema.Required, want.required) {
			t.Errorf("%s requires %v, want %v", name, schema.Required, want.required)
		}
	}
}

func sameNames(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
