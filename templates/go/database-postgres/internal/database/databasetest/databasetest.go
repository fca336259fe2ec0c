// Package databasetest gives tests databases of their own.
package databasetest

import (
	"cmp"
	"context"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
	"uuid"

	"github.com/jackc/pgx/v5"
)

// defaultServer is what compose.yaml starts.
const defaultServer = "postgres://postgres:postgres@127.0.0.1:5432/postgres"

// mostWait bounds how long the server may take.
const mostWait = 10 * time.Second

// NewURL is the DATABASE_URL of a new schema on the server of TEST_DATABASE_URL, which goes with the test.
func NewURL(t *testing.T) string {
	t.Helper()
	server, err := url.Parse(cmp.Or(os.Getenv("TEST_DATABASE_URL"), defaultServer))
	if err != nil {
		t.Fatal("TEST_DATABASE_URL is no URL")
	}
	ctx, cancel := context.WithTimeout(t.Context(), mostWait)
	defer cancel()
	conn, err := pgx.Connect(ctx, server.String())
	if err != nil {
		t.Fatalf("%v: run `docker compose up -d --wait database` or set TEST_DATABASE_URL", err)
	}
	schema := "test_" + strings.ReplaceAll(uuid.New().String(), "-", "")
	if _, err := conn.Exec(ctx, "CREATE SCHEMA "+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The context of the test has ended by now.
		ctx, cancel := context.WithTimeout(context.Background(), mostWait)
		defer cancel()
		if _, err := conn.Exec(ctx, "DROP SCHEMA "+schema+" CASCADE"); err != nil {
			t.Error(err)
		}
		conn.Close(ctx)
	})
	query := server.Query()
	query.Set("search_path", schema)
	server.RawQuery = query.Encode()
	return server.String()
}
