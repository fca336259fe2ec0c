// Package databasetest gives tests databases of their own.
package databasetest

import (
	"cmp"
	"context"
	"net/url"
	"os"
	"strings"
	"testing"
	"uuid"

	"github.com/jackc/pgx/v5"
)

// defaultServer is what compose.yaml starts.
const defaultServer = "postgres://postgres:postgres@127.0.0.1:5432/postgres"

// NewURL is the DATABASE_URL of a new schema on the server of TEST_DATABASE_URL, which goes with the test.
func NewURL(t *testing.T) string {
	t.Helper()
	server, err := url.Parse(cmp.Or(os.Getenv("TEST_DATABASE_URL"), defaultServer))
	if err != nil {
		t.Fatal("TEST_DATABASE_URL is no URL")
	}
	conn, err := pgx.Connect(t.Context(), server.String())
	if err != nil {
		t.Fatalf("%v: run `docker compose up -d --wait database` or set TEST_DATABASE_URL", err)
	}
	schema := "test_" + strings.ReplaceAll(uuid.New().String(), "-", "")
	if _, err := conn.Exec(t.Context(), "CREATE SCHEMA "+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The context of the test has ended by now.
		ctx := context.Background()
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
