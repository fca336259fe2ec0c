package database

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// open opens the file in the folder, which several can have open.
func open(t *testing.T, folder string) *DB {
	t.Helper()
	db, err := Open(t.Context(), scheme+filepath.Join(folder, "data", "100% ours?.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestCheckURL(t *testing.T) {
	for url, valid := range map[string]bool{
		DefaultURL: true, "sqlite:///var/lib/app.db": true, "sqlite://": false, "postgres://x": false, "app.db": false, "": false,
	} {
		if (CheckURL(url) == nil) != valid {
			t.Errorf("CheckURL(%q) is not %t", url, valid)
		}
	}
}

func TestMigrationsRunOnceThoughManyStartTogether(t *testing.T) {
	folder := t.TempDir()
	errs := make(chan error)
	const instances = 8
	for range instances {
		go func() {
			db, err := Open(t.Context(), scheme+filepath.Join(folder, "app.db"))
			if err == nil {
				err = db.Close()
			}
			errs <- err
		}()
	}
	for range instances {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestOpenWaitsForAnotherAtWorkOnANewFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "app.db")
	other, err := pool(file, 1, "_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	lock, err := other.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(200*time.Millisecond, func() { lock.Rollback() })
	db, err := Open(t.Context(), scheme+file)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
}

func TestWritesWaitForTheLockAndReadsDoNot(t *testing.T) {
	folder := t.TempDir()
	db, other := open(t, folder), open(t, folder)
	statement, err := db.Write.PrepareContext(t.Context(), `DELETE FROM "schema_migrations" WHERE "name" = $1`)
	if err != nil {
		t.Fatal(err)
	}
	lock, err := other.Write.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := statement.ExecContext(ctx, ""); !errors.Is(err, context.DeadlineExceeded) && !Unavailable(err) {
		t.Errorf("write: %v", err)
	}
	if err := db.Ping(t.Context()); err != nil {
		t.Errorf("read: %v", err)
	}
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	if _, err := statement.ExecContext(t.Context(), ""); err != nil {
		t.Errorf("write after the lock: %v", err)
	}
}

func TestUnavailable(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "app.db")
	if err := os.WriteFile(file, []byte("this is no database, and longer than the header of one: it is refused"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), scheme+file); !Unavailable(err) {
		t.Errorf("no database: %v", err)
	}
	db := open(t, folder)
	if _, err := db.Read.ExecContext(t.Context(), `NO SUCH STATEMENT`); err == nil || Unavailable(err) {
		t.Errorf("bad SQL: %v", err)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	db := open(t, t.TempDir())
	if _, err := db.Read.ExecContext(t.Context(), `DELETE FROM "schema_migrations"`); err == nil {
		t.Error("a reader wrote")
	}
}
