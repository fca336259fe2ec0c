// Package database keeps connections to PostgreSQL and knows what its errors mean.
package database

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// DefaultURL is empty: there is no server that could be meant when none is given.
const DefaultURL = ""

const (
	// connections is how many statements run at once, unless the URL has a pool_max_conns.
	connections = 10
	// mostWait bounds how long a statement waits for a connection, and again for a lock.
	mostWait = 4 * time.Second
	// startPatience bounds how long a start waits for that of another instance.
	startPatience = time.Minute
	// tableWait bounds how long a migration waits for a table: whoever comes after it waits behind it.
	tableWait = 5 * time.Second
	// probeTime bounds how long the server may take to accept the connection of Ping.
	probeTime = time.Second
	// mostIdle is how long a connection may be idle before it is asked whether it lives.
	mostIdle = time.Second
	// closeTime bounds how long a connection that is closed, and Close, wait for a server that may be gone.
	closeTime = time.Second
	// mostTries bounds how often a statement is run, with pauses of up to tryPause between.
	mostTries = 3
	tryPause  = 20 * time.Millisecond
)

// ErrNotFound is the error of a store that holds nothing by an id.
var ErrNotFound = errors.New("not found")

var (
	// errNoConnection is the error of a statement that got no connection, or lost it before it could change anything.
	errNoConnection = errors.New("no connection")
	// errOutcomeUnknown is the error of a command that was sent, and to which nothing came back.
	errOutcomeUnknown = errors.New("outcome unknown")
)

// DB is a pool of connections, and one apart, on which the server can be asked whether it
// answers while all the others are in use.
type DB struct {
	pool  *pgxpool.Pool
	probe *pgxpool.Pool
	wait  time.Duration
	// patience is with a server that does not end a statement by itself.
	patience time.Duration
}

// CheckURL reports what is wrong with a DATABASE_URL. Its parameters are those of libpq and of pgxpool.
func CheckURL(databaseURL string) error {
	scheme, _, _ := strings.Cut(databaseURL, "://")
	if _, err := pgxpool.ParseConfig(databaseURL); err != nil || scheme != "postgres" && scheme != "postgresql" {
		return errors.New("must be the postgres:// URL of a database")
	}
	return nil
}

// Open connects to the server and brings the tables up to date.
func Open(ctx context.Context, databaseURL string, requestTimeout time.Duration) (*DB, error) {
	config, err := poolConfig(databaseURL, requestTimeout)
	if err != nil {
		return nil, err
	}
	pool, err := newPool(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, pool, migrations); err != nil {
		pool.Close()
		return nil, fmt.Errorf("migrate: %w", err)
	}
	config = config.Copy()
	config.ConnConfig.ConnectTimeout = min(probeTime, config.ConnConfig.ConnectTimeout)
	config.MaxConns = 1
	probe, err := newPool(ctx, config)
	if err != nil {
		pool.Close()
		return nil, err
	}
	return &DB{pool: pool, probe: probe, wait: waitOf(requestTimeout), patience: requestTimeout * 3 / 4}, nil
}

// waitOf is how long a statement may wait for a connection, and again for a lock.
func waitOf(requestTimeout time.Duration) time.Duration {
	return min(mostWait, requestTimeout/4)
}

// poolConfig has the server end a statement after half of a request's time, so that it is not executed after all.
func poolConfig(databaseURL string, requestTimeout time.Duration) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(databaseURL)
	if err != nil {
		return nil, err
	}
	wait := waitOf(requestTimeout)
	setDefaults(config.ConnConfig.RuntimeParams, map[string]string{
		"application_name":                    "depot-service",
		"statement_timeout":                   milliseconds(requestTimeout / 2),
		"lock_timeout":                        milliseconds(wait),
		"idle_in_transaction_session_timeout": milliseconds(requestTimeout),
	})
	// Zero would be no timeout.
	config.ConnConfig.ConnectTimeout = min(wait, cmp.Or(config.ConnConfig.ConnectTimeout, wait))
	if address, err := url.Parse(databaseURL); err != nil || !address.Query().Has("pool_max_conns") {
		config.MaxConns = connections
	}
	config.BeforeClose = closeSoon
	return config, nil
}

// newPool is a pool that asks a connection which was idle whether it lives, and distrusts all others once one does not:
// a network that has forgotten one has most likely forgotten them too.
func newPool(ctx context.Context, config *pgxpool.Config) (*pgxpool.Pool, error) {
	limit := config.ConnConfig.ConnectTimeout / 4
	var pool *pgxpool.Pool
	config.ShouldPing = func(ctx context.Context, found pgxpool.ShouldPingParams) bool {
		if found.IdleDuration < mostIdle {
			return false
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
		defer cancel()
		if found.Conn.Ping(ctx) == nil {
			return false
		}
		pool.Reset()
		// The pool's own ping finds the connection closed, and takes another.
		return true
	}
	var err error
	pool, err = pgxpool.NewWithConfig(ctx, config)
	return pool, err
}

// closeSoon leaves a moment for the farewell: of a server that has fallen silent pgx awaits it for 15 seconds,
// while the connection keeps its place in the pool.
func closeSoon(conn *pgx.Conn) {
	time.AfterFunc(closeTime, func() { conn.PgConn().Conn().Close() })
}

// setDefaults keeps what the URL has set.
func setDefaults(params, defaults map[string]string) {
	for name, value := range defaults {
		if _, set := params[name]; !set {
			params[name] = value
		}
	}
}

// milliseconds is a setting of PostgreSQL, for which zero would be no limit.
func milliseconds(d time.Duration) string {
	return strconv.FormatInt(max(d.Milliseconds(), 1), 10)
}

// statement is SQL that a store runs again and again; each connection prepares it once.
type statement struct {
	db     *DB
	text   string
	writes bool
}

// Query is SQL that only reads, and so may be run a second time.
type Query struct{ statement }

// NewQuery checks SQL for One and All.
func (db *DB) NewQuery(ctx context.Context, text string) (Query, error) {
	return Query{statement{db: db, text: text}}, db.check(ctx, text)
}

// Command is SQL that writes.
type Command struct{ statement }

// NewCommand checks SQL for Exec.
func (db *DB) NewCommand(ctx context.Context, text string) (Command, error) {
	return Command{statement{db: db, text: text, writes: true}}, db.check(ctx, text)
}

// check lets the server read a statement, under no name, so that nothing is left of it.
func (db *DB) check(ctx context.Context, text string) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	return db.pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		_, err := conn.Conn().PgConn().Prepare(ctx, "", text, nil)
		return err
	})
}

// Exec runs the command and returns the number of rows that it has changed.
func (c Command) Exec(ctx context.Context, args ...any) (int64, error) {
	var changed int64
	err := c.run(ctx, func(ctx context.Context, conn *pgx.Conn) error {
		tag, err := conn.Exec(ctx, c.text, args...)
		changed = tag.RowsAffected()
		return err
	})
	return changed, err
}

// One reads a row, or returns ErrNotFound. The columns point at where its values go.
func One[Row any](ctx context.Context, q Query, columns func(*Row) []any, args ...any) (*Row, error) {
	row := new(Row)
	err := q.run(ctx, func(ctx context.Context, conn *pgx.Conn) error {
		return conn.QueryRow(ctx, q.text, args...).Scan(columns(row)...)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrNotFound
	}
	return row, err
}

// All reads rows.
func All[Row any](ctx context.Context, q Query, columns func(*Row) []any, args ...any) ([]Row, error) {
	var all []Row
	err := q.run(ctx, func(ctx context.Context, conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, q.text, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		all = make([]Row, 0, 32)
		var row Row
		targets := columns(&row)
		for rows.Next() {
			if err := rows.Scan(targets...); err != nil {
				return err
			}
			all = append(all, row)
		}
		return rows.Err()
	})
	return all, err
}

// run tries again where that may help and cannot do anything twice.
func (s statement) run(ctx context.Context, act func(context.Context, *pgx.Conn) error) error {
	ctx, cancel := context.WithTimeout(ctx, s.db.patience)
	defer cancel()
	for try := 1; ; try++ {
		again, err := s.try(ctx, act)
		if !again || try == mostTries {
			return err
		}
		select {
		case <-time.After(rand.N(tryPause)):
		case <-ctx.Done():
			return err
		}
	}
}

// try tells of an error whether the statement may be run again: when PostgreSQL has undone it
// for another transaction's sake, or lost the connection before it could change anything.
func (s statement) try(ctx context.Context, act func(context.Context, *pgx.Conn) error) (again bool, err error) {
	waiting, cancel := context.WithTimeout(ctx, s.db.wait)
	defer cancel()
	conn, err := s.db.pool.Acquire(waiting)
	if err != nil {
		return false, fmt.Errorf("%w: %w", errNoConnection, err)
	}
	defer conn.Release()

	err = act(ctx, conn.Conn())
	if err == nil {
		return false, nil
	}
	state := sqlState(err)
	switch {
	case state == "40001", state == "40P01": // serialization_failure, deadlock_detected
		return true, err
	case state == "25006": // read_only_sql_transaction
		// The server is no longer the primary; a new connection may be to the one that is.
		s.db.pool.Reset()
		return false, err
	case errors.Is(ctx.Err(), context.Canceled):
		// The client has gone. pgx has closed the connection, and asks the server to end the statement.
	case ctx.Err() != nil, conn.Conn().IsClosed():
		// What ended or silenced one connection has most likely done so to those that are idle too.
		s.db.pool.Reset()
	default:
		return false, err
	}
	unsent := pgconn.SafeToRetry(err)
	if s.writes && !unsent && state == "" {
		return false, fmt.Errorf("%w: %w", errOutcomeUnknown, err)
	}
	return !s.writes || unsent, fmt.Errorf("%w: %w", errNoConnection, err)
}

//go:embed migrations
var migrations embed.FS

// lock is the number of the advisory lock under which the tables are changed.
const lock = 5713045872

// migrate applies the files of migrations/ in the order of their names, each once. Of two instances that start
// together the second waits for the lock, and then finds nothing left to do.
func migrate(ctx context.Context, pool *pgxpool.Pool, migrations fs.FS) error {
	waiting, cancel := context.WithTimeout(ctx, startPatience+mostWait)
	defer cancel()
	conn, err := pool.Acquire(waiting)
	if err != nil {
		return err
	}
	defer conn.Release()

	if _, err := conn.Exec(waiting, beginWithin(startPatience)+fmt.Sprintf("; SELECT pg_advisory_lock(%d); COMMIT", lock)); err != nil {
		return err
	}
	applied, err := appliedMigrations(waiting, conn.Conn())
	if err != nil {
		return err
	}
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	for _, file := range files {
		name := path.Base(file)
		if slices.Contains(applied, name) {
			continue
		}
		statements, err := fs.ReadFile(migrations, file)
		if err != nil {
			return err
		}
		// A migration may take as long as it takes.
		if err := apply(ctx, conn.Conn(), name, string(statements)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	// Gives back the lock, and whatever else a migration has set for its session.
	_, err = conn.Exec(ctx, "DISCARD ALL")
	return err
}

// beginWithin begins a transaction whose statements wait for a lock no longer than that, and otherwise run for as
// long as they need. It sees what others have done meanwhile, whatever isolation is the default of the database.
func beginWithin(wait time.Duration) string {
	return "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = " + milliseconds(wait)
}

// appliedMigrations makes the table of their names only where it is missing: to make one takes rights that a
// service with nothing to migrate can do without.
func appliedMigrations(ctx context.Context, conn *pgx.Conn) ([]string, error) {
	var exists bool
	if err := conn.QueryRow(ctx, `SELECT to_regclass('"schema_migrations"') IS NOT NULL`, pgx.QueryExecModeExec).Scan(&exists); err != nil {
		return nil, err
	}
	if !exists {
		_, err := conn.Exec(ctx, `CREATE TABLE "schema_migrations" ("name" text PRIMARY KEY NOT NULL)`)
		return nil, err
	}
	rows, err := conn.Query(ctx, `SELECT "name" FROM "schema_migrations"`, pgx.QueryExecModeExec)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// apply is a transaction of its own, so that the service that still runs gets back the tables of a migration before
// the next one begins.
func apply(ctx context.Context, conn *pgx.Conn, name, statements string) error {
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{BeginQuery: beginWithin(tableWait)})
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)

	// First, since a migration may set another search_path.
	if _, err := tx.Exec(ctx, `INSERT INTO "schema_migrations" ("name") VALUES ($1)`, pgx.QueryExecModeExec, name); err != nil {
		return err
	}
	// Without arguments pgx sends all the statements of the file at once.
	if _, err := tx.Exec(ctx, statements); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// Ping asks the server on a connection that requests do not use.
func (db *DB) Ping(ctx context.Context) error {
	return db.probe.Ping(ctx)
}

// Close waits for running statements, and only a moment for a server that does not answer.
func (db *DB) Close() error {
	closed := make(chan struct{})
	go func() {
		db.probe.Close()
		db.pool.Close()
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(closeTime):
	}
	return nil
}

// OutcomeUnknown tells the errors of commands of which nobody knows whether they were carried out.
func OutcomeUnknown(err error) bool {
	return errors.Is(err, errOutcomeUnknown)
}

// Unavailable tells errors that may pass by themselves from faults of ours.
func Unavailable(err error) bool {
	if errors.Is(err, errNoConnection) {
		return true
	}
	code := sqlState(err)
	switch code {
	case "25006", "55P03", "57014": // read_only_sql_transaction, lock_not_available, query_canceled
		return true
	}
	// Of lost connections, of conflicts with other transactions, of exhausted resources, of a server that stops or starts.
	for _, class := range []string{"08", "40", "53", "57P"} {
		if strings.HasPrefix(code, class) {
			return true
		}
	}
	return false
}

// sqlState is PostgreSQL's code of an error, "" for an error of another origin.
func sqlState(err error) string {
	if failure, ok := errors.AsType[*pgconn.PgError](err); ok {
		return failure.Code
	}
	return ""
}
