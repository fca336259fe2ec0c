// Package databasetest gives tests databases of their own.
package databasetest

import (
	"path/filepath"
	"testing"
)

// NewURL is the DATABASE_URL of a new database, which goes with the test.
func NewURL(t *testing.T) string {
	t.Helper()
	return "sqlite://" + filepath.Join(t.TempDir(), "app.db")
}
