package database

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/depot-service/internal/database/databasetest"
)

// requestTimeout leaves a busy machine the time to connect.
const requestTimeout = 4 * time.Second

func open(t *testing.T, databaseURL string) *DB {
	t.Helper()
	db, err := Open(t.Context(), databaseURL, requestTimeout)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func (db *DB) exec(t *testing.T, text string) {
	t.Helper()
	if _, err := db.pool.Exec(t.Context(), text); err != nil {
		t.Fatal(err)
	}
}

// prepare returns what runs a statement that reads a number.
func prepare(t *testing.T, db *DB, text string) func() error {
	t.Helper()
	query, err := db.NewQuery(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	return func() error {
		_, err := One(t.Context(), query, func(number *int64) []any { return []any{number} })
		return err
	}
}

func TestCheckURL(t *testing.T) {
	for url, valid := range map[string]bool{
		"postgres://user:password@db.example.com:5432/app": true, "postgresql://localhost/app?sslmode=disable": true,
		"postgres://localhost/app?sslmode=loud": false, "postgres://localhost:port/app": false,
		"host=localhost": false, "mysql://localhost/app": false, "sqlite://app.db": false, "": false,
	} {
		if (CheckURL(url) == nil) != valid {
			t.Errorf("CheckURL(%q) is not %t", url, valid)
		}
	}
}

func TestMigrationsRunOnceThoughManyStartTogether(t *testing.T) {
	const instances = 8
	for _, isolation := range []string{"read%20committed", "repeatable%20read", "serializable"} {
		databaseURL := databasetest.NewURL(t) + "&default_transaction_isolation=" + isolation
		errs := make(chan error)
		for range instances {
			go func() {
				db, err := Open(t.Context(), databaseURL, requestTimeout)
				if err == nil {
					err = db.Close()
				}
				errs <- err
			}()
		}
		for range instances {
			if err := <-errs; err != nil {
				t.Errorf("%s: %v", isolation, err)
			}
		}
	}
}

func TestMigrationsOfALaterReleaseStay(t *testing.T) {
	databaseURL := databasetest.NewURL(t)
	later := open(t, databaseURL)
	later.exec(t, `INSERT INTO "schema_migrations" ("name") VALUES ('9999_later.sql')`)
	if err := open(t, databaseURL).Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

// filesOf are migrations by their names.
func filesOf(statements map[string]string) fs.FS {
	files := fstest.MapFS{}
	for name, text := range statements {
		files["migrations/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// migrateAll applies migrations in the schema of a URL.
func migrateAll(t *testing.T, databaseURL string, statements map[string]string) error {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	return migrate(t.Context(), pool, filesOf(statements))
}

func TestAMigrationThatFailsLeavesThoseBeforeIt(t *testing.T) {
	databaseURL := databasetest.NewURL(t)
	files := map[string]string{"0001.sql": "CREATE TABLE first ()", "0002.sql": "CREATE TABLE second (); NO SUCH STATEMENT"}
	if err := migrateAll(t, databaseURL, files); err == nil || !strings.HasPrefix(err.Error(), "0002.sql") {
		t.Errorf("got %v", err)
	}
	files["0002.sql"] = "ALTER TABLE first ADD COLUMN number bigint; CREATE TABLE second ()"
	for range 2 {
		if err := migrateAll(t, databaseURL, files); err != nil {
			t.Error(err)
		}
	}
}

func TestAMigrationLeavesNothingBehindOnItsConnection(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), databasetest.NewURL(t)+"&pool_max_conns=1")
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if err := migrate(t.Context(), pool, filesOf(map[string]string{"0001.sql": "SET search_path = pg_catalog"})); err != nil {
		t.Fatal(err)
	}
	var there bool
	if err := pool.QueryRow(t.Context(), "SELECT to_regclass('schema_migrations') IS NOT NULL").Scan(&there); err != nil || !there {
		t.Errorf("another search_path, %v", err)
	}
}

func TestMigrationsHaveLimitsOfTheirOwn(t *testing.T) {
	t.Parallel()
	databaseURL := databasetest.NewURL(t)
	db := open(t, databaseURL+"&idle_in_transaction_session_timeout=0")
	other := begin(t, db)
	if _, err := other.Exec(t.Context(), "SELECT pg_advisory_xact_lock($1)", lock); err != nil {
		t.Fatal(err)
	}
	released := make(chan error, 1)
	time.AfterFunc(time.Second, func() { released <- other.Rollback(context.Background()) })
	hasty := databaseURL + "&statement_timeout=100&lock_timeout=100"
	if err := migrateAll(t, hasty, map[string]string{"8001.sql": "CREATE TABLE used (); SELECT pg_sleep(0.2)"}); err != nil {
		t.Error(err)
	}
	if err := <-released; err != nil {
		t.Fatal(err)
	}

	if _, err := begin(t, db).Exec(t.Context(), "LOCK TABLE used"); err != nil {
		t.Fatal(err)
	}
	if err := migrateAll(t, databaseURL, map[string]string{"8002.sql": "DROP TABLE used"}); sqlState(err) != "55P03" {
		t.Errorf("a table in use: %v", err)
	}
}

func TestAStartWithNothingToMigrateWritesNothing(t *testing.T) {
	databaseURL := databasetest.NewURL(t)
	open(t, databaseURL)
	open(t, databaseURL+"&default_transaction_read_only=on")
}

// network leads to a server that accepts every connection and answers every ping, until the network forgets it.
type network struct {
	connected, forgotten atomic.Int32
}

func (n *network) dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	go n.serve(far)
	return near, nil
}

func (n *network) serve(conn net.Conn) {
	defer conn.Close()
	server := pgproto3.NewBackend(conn, conn)
	first, _ := server.ReceiveStartupMessage()
	if _, ok := first.(*pgproto3.StartupMessage); !ok {
		return // It asks to end a statement.
	}
	number := n.connected.Add(1)
	server.Send(&pgproto3.AuthenticationOk{})
	for {
		server.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
		if server.Flush() != nil {
			return
		}
		if _, err := server.Receive(); err != nil {
			return
		}
		if number <= n.forgotten.Load() {
			_, _ = io.Copy(io.Discard, conn)
			return
		}
		server.Send(&pgproto3.EmptyQueryResponse{})
	}
}

// through is a pool of connections through a network, in a bubble of synctest.
func through(t *testing.T, n *network) *DB {
	t.Helper()
	config, err := poolConfig("postgres://user@192.0.2.1/app?sslmode=disable", requestTimeout)
	if err != nil {
		t.Fatal(err)
	}
	config.ConnConfig.DialFunc = n.dial
	pool, err := newPool(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	return &DB{pool: pool, wait: waitOf(requestTimeout), patience: requestTimeout}
}

func (db *DB) ping(t *testing.T, writes bool) error {
	t.Helper()
	return statement{db: db, writes: writes}.run(t.Context(), func(ctx context.Context, conn *pgx.Conn) error {
		return conn.Ping(ctx)
	})
}

// fill makes as many connections as there may be.
func (db *DB) fill(t *testing.T) {
	t.Helper()
	for range connections {
		conn, err := db.pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Release()
	}
}

func TestAStartEndsThoughTheServerFallsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n network
		n.forgotten.Store(1)
		db := through(t, &n)
		defer db.pool.Close()
		start := time.Now()
		err := migrate(t.Context(), db.pool, migrations)
		if took := time.Since(start); err == nil || took > startPatience+mostWait {
			t.Errorf("%v after %v", err, took)
		}
	})
}

func TestForgottenConnectionsCostOneRequestAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n network
		db := through(t, &n)
		defer db.pool.Close()
		for _, writes := range []bool{false, true} {
			db.fill(t)
			n.forgotten.Store(n.connected.Load())
			if err := db.ping(t, writes); OutcomeUnknown(err) != writes || Unavailable(err) == writes {
				t.Errorf("writes %t: %v", writes, err)
			}
			if err := db.ping(t, writes); err != nil {
				t.Errorf("after it: %v", err)
			}
		}

		time.Sleep(closeTime)
		db.fill(t)
		n.forgotten.Store(n.connected.Load())
		time.Sleep(mostIdle)
		if err := db.ping(t, false); err != nil {
			t.Errorf("after a pause: %v", err)
		}
	})
}

// begin begins a transaction on a connection of its own.
func begin(t *testing.T, db *DB) pgx.Tx {
	t.Helper()
	conn, err := pgx.ConnectConfig(t.Context(), db.pool.Config().ConnConfig)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return tx
}

func TestSettingsOfTheURLStay(t *testing.T) {
	db := open(t, databasetest.NewURL(t)+"&statement_timeout=123&pool_max_conns=3&connect_timeout=1")
	var timeout string
	if err := db.pool.QueryRow(t.Context(), "SHOW statement_timeout").Scan(&timeout); err != nil || timeout != "123ms" {
		t.Errorf("%s, %v", timeout, err)
	}
	if most := db.pool.Config().MaxConns; most != 3 {
		t.Errorf("%d connections", most)
	}
	if connect := db.pool.Config().ConnConfig.ConnectTimeout; connect > time.Second {
		t.Errorf("connecting may take %v", connect)
	}
}

// A sequence counts the tries, since that is what a transaction does not undo.
func TestConflictsAreTriedAgainAFewTimes(t *testing.T) {
	db := open(t, databasetest.NewURL(t))
	for _, code := range []string{"40001", "40P01"} {
		for conflicts, passes := range map[int]bool{mostTries - 1: true, mostTries: false} {
			db.exec(t, fmt.Sprintf(`
				DROP SEQUENCE IF EXISTS tries;
				CREATE SEQUENCE tries;
				CREATE OR REPLACE FUNCTION conflict() RETURNS bigint LANGUAGE plpgsql AS $$
				DECLARE try bigint := nextval('tries');
				BEGIN
					IF try <= %d THEN RAISE EXCEPTION USING ERRCODE = '%s'; END IF;
					RETURN try;
				END $$`, conflicts, code))
			err := prepare(t, db, "SELECT conflict()")()
			if (err == nil) != passes || err != nil && !Unavailable(err) {
				t.Errorf("%d times %s: %v", conflicts, code, err)
			}
		}
	}
}

func TestAServerThatIsNoLongerThePrimaryIsLeft(t *testing.T) {
	databaseURL := databasetest.NewURL(t)
	open(t, databaseURL).exec(t, "CREATE TABLE rows ()")
	db := open(t, databaseURL+"&pool_max_conns=1&default_transaction_read_only=on")
	insert, err := db.NewCommand(t.Context(), "INSERT INTO rows DEFAULT VALUES")
	if err != nil {
		t.Fatal(err)
	}
	connection := func() (pid int) {
		if err := db.pool.QueryRow(t.Context(), "SELECT pg_backend_pid()").Scan(&pid); err != nil {
			t.Fatal(err)
		}
		return pid
	}
	before := connection()
	if _, err := insert.Exec(t.Context()); sqlState(err) != "25006" || !Unavailable(err) {
		t.Errorf("got %v", err)
	}
	if connection() == before {
		t.Error("the connection stays")
	}
}

func TestLostConnectionsCostOneWriteAtMost(t *testing.T) {
	db := open(t, databasetest.NewURL(t)+"&application_name="+t.Name())
	db.exec(t, "CREATE TABLE rows ()")
	read := prepare(t, db, "SELECT 1::bigint")
	insert, err := db.NewCommand(t.Context(), "INSERT INTO rows DEFAULT VALUES")
	if err != nil {
		t.Fatal(err)
	}
	endIdle(t, db)
	for range connections {
		if err := read(); err != nil {
			t.Errorf("read: %v", err)
		}
	}
	endIdle(t, db)
	lost := 0
	for range connections {
		_, err := insert.Exec(t.Context())
		if err == nil {
			continue
		}
		lost++
		if lost > 1 || !Unavailable(err) {
			t.Errorf("write: %v", err)
		}
	}
}

// endIdle fills the pool, and lets the server end all of its connections.
func endIdle(t *testing.T, db *DB) {
	t.Helper()
	db.fill(t)
	admin, err := pgx.ConnectConfig(t.Context(), db.pool.Config().ConnConfig)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(context.Background())
	const others = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()`
	if _, err := admin.Exec(t.Context(), others); err != nil {
		t.Fatal(err)
	}
}

func TestNothingWaitsForEver(t *testing.T) {
	t.Parallel()
	databaseURL := databasetest.NewURL(t)
	db := open(t, databaseURL+"&pool_max_conns=1")
	db.exec(t, "CREATE TABLE locked (number bigint)")
	if _, err := begin(t, db).Exec(t.Context(), "LOCK TABLE locked"); err != nil {
		t.Fatal(err)
	}
	gives := func(what string, act func() error) {
		t.Helper()
		start := time.Now()
		err := act()
		if took := time.Since(start); !Unavailable(err) || took > 5*requestTimeout {
			t.Errorf("%s: %v after %v", what, err, took)
		}
	}
	const sleep = "SELECT 1::bigint FROM pg_sleep(60)"
	slow := prepare(t, db, sleep)
	gives("a lock", func() error { _, err := db.pool.Exec(t.Context(), "SELECT number FROM locked"); return err })
	gives("a slow statement", slow)
	gives("a server that does not end it", prepare(t, open(t, databaseURL+"&statement_timeout=0"), sleep))
	held, err := db.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	gives("a pool without a free connection", slow)
	if err := db.Ping(t.Context()); err != nil {
		t.Errorf("ping: %v", err)
	}
}

func TestUnavailable(t *testing.T) {
	for code, passes := range map[string]bool{
		"08006": true, "40001": true, "53300": true, "55P03": true, "57014": true, "57P01": true, "57P03": true,
		"22P02": false, "23505": false, "42P01": false, "55000": false,
	} {
		if err := fmt.Errorf("query: %w", &pgconn.PgError{Code: code}); Unavailable(err) != passes {
			t.Errorf("%s is not %t", code, passes)
		}
	}
	if _, err := open(t, databasetest.NewURL(t)).NewQuery(t.Context(), "NO SUCH STATEMENT"); err == nil || Unavailable(err) {
		t.Errorf("bad SQL: %v", err)
	}
	if Unavailable(errors.New("other")) {
		t.Error("an error of another origin passes")
	}
}
