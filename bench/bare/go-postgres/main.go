// Command bare shows what net/http and the driver cost by themselves: the routes that are measured, and nothing else.
package main

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"time"
	"uuid"

	"github.com/jackc/pgx/v5/pgxpool"
)

const createTable = `CREATE TABLE "items" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"quantity" bigint NOT NULL,
	"created_at" timestamptz(3) NOT NULL,
	"updated_at" timestamptz(3) NOT NULL
)`

const insertItem = `INSERT INTO "items" VALUES ($1, $2, $3, $4, $5)`

const selectItems = `SELECT "id", "name", "quantity", "created_at", "updated_at" FROM "items"`

const pageSize = 20

type item struct {
	ID        uuid.UUID `json:"id"`
	Name      string    `json:"name"`
	Quantity  int64     `json:"quantity"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

type page struct {
	Data       []item     `json:"data"`
	NextCursor *uuid.UUID `json:"next_cursor"`
}

type store struct {
	pool *pgxpool.Pool
}

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	s, err := open(context.Background(), os.Getenv("DATABASE_URL"))
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

// open has ten connections, as the emitted service does.
func open(ctx context.Context, url string) (*store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = 10
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	_, err = pool.Exec(ctx, createTable)
	return &store{pool}, err
}

func (s *store) create(w http.ResponseWriter, r *http.Request) {
	var body item
	if err := json.UnmarshalRead(r.Body, &body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	body.ID = uuid.NewV7()
	body.CreatedAt = time.Now().UTC().Truncate(time.Millisecond)
	body.UpdatedAt = body.CreatedAt
	if _, err := s.pool.Exec(r.Context(), insertItem, body.ID, body.Name, body.Quantity, body.CreatedAt, body.UpdatedAt); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, http.StatusCreated, body)
}

func (s *store) one(w http.ResponseWriter, r *http.Request) {
	var found item
	row := s.pool.QueryRow(r.Context(), selectItems+` WHERE "id" = $1`, r.PathValue("id"))
	if err := row.Scan(&found.ID, &found.Name, &found.Quantity, &found.CreatedAt, &found.UpdatedAt); err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	answer(w, http.StatusOK, found)
}

func (s *store) page(w http.ResponseWriter, r *http.Request) {
	var cursor uuid.UUID
	if text := r.FormValue("cursor"); text != "" {
		var err error
		if cursor, err = uuid.Parse(text); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	found, err := s.after(r.Context(), cursor)
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

func (s *store) after(ctx context.Context, cursor uuid.UUID) ([]item, error) {
	rows, err := s.pool.Query(ctx, selectItems+` WHERE "id" > $1 ORDER BY "id" LIMIT $2`, cursor, pageSize+1)
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
