package database

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// requestTimeout leaves a busy machine the time for what is not held off.
const requestTimeout = 2 * time.Second

// open opens the file in the folder, which several can have open.
func open(t *testing.T, folder string) *DB {
	t.Helper()
	db, err := Open(t.Context(), scheme+filepath.Join(folder, "data", "100% ours#.db"), requestTimeout)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestCheckURL(t *testing.T) {
	for url, valid := range map[string]bool{
		DefaultURL: true, "sqlite:///var/lib/app.db": true, "sqlite://": false, "postgres://x": false,
		"sqlite://:memory:": false, "sqlite://app.db?mode=ro": false, "app.db": false, "": false,
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
			db, err := Open(t.Context(), scheme+filepath.Join(folder, "app.db"), requestTimeout)
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

func TestMigrationsOfALaterReleaseStay(t *testing.T) {
	folder := t.TempDir()
	later := open(t, folder)
	if _, err := later.write.ExecContext(t.Context(), `INSERT INTO "schema_migrations" ("name") VALUES ('9999_later.sql')`); err != nil {
		t.Fatal(err)
	}
	if err := open(t, folder).Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestOpenWaitsForAnotherAtWorkOnANewFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "app.db")
	other, err := pool(file, 0, 1, "_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	lock, err := other.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(requestTimeout/2, func() { lock.Rollback() })
	db, err := Open(t.Context(), scheme+file, requestTimeout)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
}

func TestWritesWaitForTheLockAndReadsDoNot(t *testing.T) {
	folder := t.TempDir()
	db, other := open(t, folder), open(t, folder)
	command, err := db.NewCommand(t.Context(), `DELETE FROM "schema_migrations" WHERE "name" = $1`)
	if err != nil {
		t.Fatal(err)
	}
	lock, err := other.write.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}

	start := time.Now()
	_, err = command.Exec(t.Context(), "")
	if took := time.Since(start); took < requestTimeout/4 || took > 10*requestTimeout {
		t.Errorf("the write waited for %v", took)
	}
	if !Unavailable(err) {
		t.Errorf("write: %v", err)
	}
	if err := db.Ping(t.Context()); err != nil {
		t.Errorf("read: %v", err)
	}
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	if _, err := command.Exec(t.Context(), ""); err != nil {
		t.Errorf("write after the lock: %v", err)
	}
}

func TestAWriteIsReportedAsItIs(t *testing.T) {
	// No write takes as long as that when it is alone, but one that is followed by a checkpoint may.
	db, err := Open(t.Context(), scheme+filepath.Join(t.TempDir(), "app.db"), 2*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	command, err := db.NewCommand(t.Context(), `INSERT INTO "schema_migrations" ("name") VALUES ($1 || hex(zeroblob(20000)))`)
	if err != nil {
		t.Fatal(err)
	}
	want := countMigrations(t, db)
	for number := range 250 {
		if _, err := command.Exec(t.Context(), number); err == nil {
			want++
		}
	}
	if got := countMigrations(t, db); got != want {
		t.Errorf("%d rows, %d are reported", got, want)
	}
}

func countMigrations(t *testing.T, db *DB) (rows int) {
	t.Helper()
	if err := db.read.QueryRowContext(t.Context(), `SELECT count(*) FROM "schema_migrations"`).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestUnavailable(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "app.db")
	if err := os.WriteFile(file, []byte("this is no database, and longer than the header of one: it is refused"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), scheme+file, requestTimeout); err == nil || Unavailable(err) {
		t.Errorf("no database: %v", err)
	}
	if _, err := Open(t.Context(), scheme+folder, requestTimeout); !Unavailable(err) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := open(t, folder).NewQuery(t.Context(), `NO SUCH STATEMENT`); err == nil || Unavailable(err) {
		t.Errorf("bad SQL: %v", err)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	db := open(t, t.TempDir())
	if _, err := db.read.ExecContext(t.Context(), `DELETE FROM "schema_migrations"`); err == nil {
		t.Error("a reader wrote")
	}
}
