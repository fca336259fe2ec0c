// Command bare shows what net/http and the driver cost by themselves: the routes that are measured, and nothing else.
package main

import (
	"database/sql"
	"encoding/json/v2"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
	"uuid"

	_ "modernc.org/sqlite"
)

const createTable = `CREATE TABLE "items" (
	"id" TEXT PRIMARY KEY NOT NULL,
	"name" TEXT NOT NULL,
	"quantity" INTEGER NOT NULL,
	"created_at" TEXT NOT NULL,
	"updated_at" TEXT NOT NULL
) STRICT`

const selectItems = `SELECT "id", "name", "quantity", "created_at", "updated_at" FROM "items"`

const pageSize = 20

type item struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Quantity  int64  `json:"quantity"`
	CreatedAt string `json:"created_at"`
	UpdatedAt string `json:"updated_at"`
}

type page struct {
	Data       []item  `json:"data"`
	NextCursor *string `json:"next_cursor"`
}

type store struct {
	insert, get, list *sql.Stmt
}

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	s, err := open(strings.TrimPrefix(os.Getenv("DATABASE_URL"), "sqlite://"))
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/items", s.create)
	mux.HandleFunc("GET /v1/items", s.page)
	mux.HandleFunc("GET /v1/items/{id}", s.one)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("{\"msg\":\"listening\",\"addr\":%q}\n", listener.Addr())
	return http.Serve(listener, mux)
}

// open has one connection that writes and four that read, as the emitted service does.
func open(path string) (*store, error) {
	source := "file:" + path + "?_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_pragma=synchronous(normal)"
	writer, err := sql.Open("sqlite", source)
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	if _, err := writer.Exec(createTable); err != nil {
		return nil, err
	}
	readers, err := sql.Open("sqlite", source)
	if err != nil {
		return nil, err
	}
	readers.SetMaxOpenConns(4)
	readers.SetMaxIdleConns(4)
	insert, err := writer.Prepare(`INSERT INTO "items" VALUES ($1, $2, $3, $4, $5)`)
	if err != nil {
		return nil, err
	}
	get, err := readers.Prepare(selectItems + ` WHERE "id" = $1`)
	if err != nil {
		return nil, err
	}
	list, err := readers.Prepare(selectItems + ` WHERE "id" > $1 ORDER BY "id" LIMIT $2`)
	return &store{insert, get, list}, err
}

func (s *store) create(w http.ResponseWriter, r *http.Request) {
	var body item
	if err := json.UnmarshalRead(r.Body, &body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	body.ID = uuid.NewV7().String()
	body.CreatedAt = time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	body.UpdatedAt = body.CreatedAt
	if _, err := s.insert.ExecContext(r.Context(), body.ID, body.Name, body.Quantity, body.CreatedAt, body.UpdatedAt); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, http.StatusCreated, body)
}

func (s *store) one(w http.ResponseWriter, r *http.Request) {
	var found item
	row := s.get.QueryRowContext(r.Context(), r.PathValue("id"))
	if err := row.Scan(&found.ID, &found.Name, &found.Quantity, &found.CreatedAt, &found.UpdatedAt); err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	answer(w, http.StatusOK, found)
}

func (s *store) page(w http.ResponseWriter, r *http.Request) {
	found, err := s.after(r, r.FormValue("cursor"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	whole := page{Data: found}
	if len(found) > pageSize {
		whole.Data = found[:pageSize]
		whole.NextCursor = &found[pageSize-1].ID
	}
	answer(w, http.StatusOK, whole)
}

func (s *store) after(r *http.Request, cursor string) ([]item, error) {
	rows, err := s.list.QueryContext(r.Context(), cursor, pageSize+1)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := []item{}
	for rows.Next() {
		var one item
		if err := rows.Scan(&one.ID, &one.Name, &one.Quantity, &one.CreatedAt, &one.UpdatedAt); err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, rows.Err()
}

func answer(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.MarshalWrite(w, value)
}
