// Package database opens the SQLite file and knows what its errors mean.
package database

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// DefaultURL names the file that is used when none is given.
const DefaultURL = "sqlite://data/app.db"

const scheme = "sqlite://"

const (
	// mostWait bounds how long a write waits for others.
	mostWait = 4 * time.Second
	// lockPause lies between two tries to get the lock of the file.
	lockPause = 5 * time.Millisecond
	// startPatience bounds how long a start waits for that of another instance.
	startPatience = time.Minute
	// closeTime bounds how long Close waits for a write.
	closeTime = time.Second
)

// readers is how many reads may run at once. Each holds a page cache, and more of them gain nothing.
const readers = 4

// ErrNotFound is the error of a store that holds nothing by an id.
var ErrNotFound = errors.New("not found")

// errBusy is the error of a write that waited for others for too long.
var errBusy = errors.New("busy")

// DB is one connection that writes and a few that read. SQLite has one writer at a time,
// so writers queue here, where a context can end the wait, and never hold up a reader.
type DB struct {
	write *sql.DB
	read  *sql.DB
	wait  time.Duration
	// writing has room for the one whose turn it is.
	writing chan struct{}
}

// CheckURL reports what is wrong with a DATABASE_URL.
func CheckURL(databaseURL string) error {
	path, ok := strings.CutPrefix(databaseURL, scheme)
	if !ok || path == "" || path == ":memory:" || strings.Contains(path, "?") {
		return errors.New("must be sqlite:// and the path of a file, without parameters")
	}
	return nil
}

// Open opens the file, creates it when there is none, and brings its tables up to date.
// A write gives up waiting for others well before its request does, and so is not made after all.
func Open(ctx context.Context, databaseURL string, requestTimeout time.Duration) (*DB, error) {
	file, err := filepath.Abs(strings.TrimPrefix(databaseURL, scheme))
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return nil, err
	}
	// With WAL, NORMAL keeps every commit when the process is killed; only a power cut can lose the last ones.
	write, err := pool(file, 0, 1, "_pragma=journal_mode(wal)&_pragma=synchronous(normal)&_pragma=foreign_keys(on)&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	wait := min(mostWait, requestTimeout/2)
	read, err := pool(file, wait, readers, "_pragma=query_only(on)")
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	db := &DB{write: write, read: read, wait: wait, writing: make(chan struct{}, 1)}
	if err := db.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("migrate: %w", err), db.Close())
	}
	return db, nil
}

func pool(file string, busyTimeout time.Duration, connections int, options string) (*sql.DB, error) {
	escaped := (&url.URL{Path: file}).EscapedPath()
	db, err := sql.Open("sqlite", fmt.Sprintf("file:%s?_pragma=busy_timeout(%d)&%s", escaped, busyTimeout.Milliseconds(), options))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// Query is SQL that reads, prepared.
type Query struct {
	prepared *sql.Stmt
}

// NewQuery prepares SQL for One and All. SQLite refuses to write by it.
func (db *DB) NewQuery(ctx context.Context, text string) (Query, error) {
	prepared, err := db.read.PrepareContext(ctx, text)
	return Query{prepared}, err
}

// Command is SQL that writes, prepared.
type Command struct {
	db       *DB
	prepared *sql.Stmt
}

// NewCommand prepares SQL for Exec.
func (db *DB) NewCommand(ctx context.Context, text string) (Command, error) {
	prepared, err := db.write.PrepareContext(ctx, text)
	return Command{db, prepared}, err
}

// Exec runs the command and returns the number of rows that it has changed. The context ends the wait
// for others that write, and nothing later: the driver answers with the error of a context that ends
// while a statement runs, even when the statement is carried out.
func (c Command) Exec(ctx context.Context, args ...any) (int64, error) {
	waiting, cancel := context.WithTimeout(ctx, c.db.wait)
	defer cancel()
	select {
	case c.db.writing <- struct{}{}:
		defer func() { <-c.db.writing }()
	case <-waiting.Done():
		return 0, fmt.Errorf("%w: %w", errBusy, waiting.Err())
	}
	for {
		result, err := c.prepared.ExecContext(context.WithoutCancel(ctx), args...)
		if err == nil {
			return result.RowsAffected()
		}
		if code(err) != sqlite3.SQLITE_BUSY {
			return 0, err
		}
		select {
		case <-time.After(lockPause):
		case <-waiting.Done():
			return 0, err
		}
	}
}

// One reads a row, or returns ErrNotFound. The columns point at where its values go.
func One[Row any](ctx context.Context, q Query, columns func(*Row) []any, args ...any) (*Row, error) {
	row := new(Row)
	err := q.prepared.QueryRowContext(ctx, args...).Scan(columns(row)...)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return row, err
}

// All reads rows.
func All[Row any](ctx context.Context, q Query, columns func(*Row) []any, args ...any) ([]Row, error) {
	rows, err := q.prepared.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := make([]Row, 0, 32)
	var row Row
	targets := columns(&row)
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

//go:embed migrations
var migrations embed.FS

// migrate tries again while another instance is at work on the file.
func (db *DB) migrate(ctx context.Context) error {
	for deadline := time.Now().Add(startPatience); ; time.Sleep(lockPause) {
		err := applyAll(ctx, db.write)
		if code(err) != sqlite3.SQLITE_BUSY || time.Now().After(deadline) {
			return err
		}
	}
}

// applyAll applies the files of migrations/ in the order of their names, each once.
// All of it is one transaction that takes the write lock first, so of two instances
// that start together the second waits, and then finds nothing left to do.
func applyAll(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()

	_, err = tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS "schema_migrations" ("name" TEXT PRIMARY KEY NOT NULL) STRICT`)
	if err != nil {
		return err
	}
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := apply(ctx, tx, file); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return tx.Commit()
}

func apply(ctx context.Context, tx *sql.Tx, file string) error {
	statements, err := migrations.ReadFile(file)
	if err != nil {
		return err
	}
	mark, err := tx.ExecContext(ctx, `INSERT INTO "schema_migrations" ("name") VALUES ($1) ON CONFLICT DO NOTHING`, path.Base(file))
	if err != nil {
		return err
	}
	if marked, err := mark.RowsAffected(); err != nil || marked == 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, string(statements))
	return err
}

// Ping reads from the file. It does not wait for longer than the context allows, as SQLite may:
// it sleeps on some of its locks whatever the context says.
func (db *DB) Ping(ctx context.Context) error {
	answer := make(chan error, 1)
	go func() {
		var version int
		answer <- db.read.QueryRowContext(ctx, "PRAGMA schema_version").Scan(&version)
	}()
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close waits for a write that runs, but not for long, and lets no other begin.
func (db *DB) Close() error {
	select {
	case db.writing <- struct{}{}:
	case <-time.After(closeTime):
	}
	return errors.Join(db.read.Close(), db.write.Close())
}

// OutcomeUnknown is false of every error: SQLite runs in this process, and tells what it has done.
func OutcomeUnknown(error) bool {
	return false
}

// Unavailable tells errors that may pass by themselves from faults of ours.
func Unavailable(err error) bool {
	switch code(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN:
		return true
	}
	return errors.Is(err, errBusy)
}

// code is SQLite's primary result code, 0 for an error of another origin.
func code(err error) int {
	if failure, ok := errors.AsType[*sqlite.Error](err); ok {
		return failure.Code() & 0xff
	}
	return sqlite3.SQLITE_OK
}
