package invoices

import (
	"context"
	"errors"
	"time"
	"uuid"

	"example.com/billing/internal/database"
	"example.com/billing/internal/value"
)

// Record is one invoice, as it is stored and answered.
type Record struct {
	ID uuid.UUID `json:"id"`
	Fields
	CreatedAt value.Timestamp `json:"created_at"`
	UpdatedAt value.Timestamp `json:"updated_at"`
	version   int64
}

// errStale is the error of a change to a version that is no longer the current one.
var errStale = errors.New("the record has changed")

// Store keeps invoices in the database.
type Store struct {
	identities             *value.Identities
	get, list              database.Query
	insert, update, remove database.Command
}

// NewStore checks the statements against the tables.
func NewStore(ctx context.Context, db *database.DB) (*Store, error) {
	s := &Store{identities: value.NewIdentities(time.Now)}
	var err error
	if s.get, err = db.NewQuery(ctx, selectRows+` WHERE "id" = $1`); err != nil {
		return nil, err
	}
	if s.list, err = db.NewQuery(ctx, selectRows+` WHERE "id" > $1 ORDER BY "id" LIMIT $2`); err != nil {
		return nil, err
	}
	if s.insert, err = db.NewCommand(ctx, insertRow); err != nil {
		return nil, err
	}
	if s.update, err = db.NewCommand(ctx, updateRow); err != nil {
		return nil, err
	}
	if s.remove, err = db.NewCommand(ctx, `DELETE FROM "invoices" WHERE "id" = $1 AND "version" = $2`); err != nil {
		return nil, err
	}
	return s, nil
}

// Get returns database.ErrNotFound when nothing has the id.
func (s *Store) Get(ctx context.Context, id uuid.UUID) (*Record, error) {
	return database.One(ctx, s.get, (*Record).columns, id)
}

// List returns the records that follow an id, in the order of their ids. A record that is
// inserted meanwhile may have an id before those that were read, and is not met then.
func (s *Store) List(ctx context.Context, after uuid.UUID, limit int) ([]Record, error) {
	return database.All(ctx, s.list, (*Record).columns, after, limit)
}

// Create gives the fields an id and a first version.
func (s *Store) Create(ctx context.Context, fields Fields) (*Record, error) {
	id, now := s.identities.Next()
	record := &Record{ID: id, Fields: fields, CreatedAt: now, UpdatedAt: now, version: 1}
	_, err := s.insert.Exec(ctx, record.columns()...)
	return record, err
}

// Update replaces the fields of the version that was read, or returns errStale.
func (s *Store) Update(ctx context.Context, read *Record, fields Fields) (*Record, error) {
	record := *read
	record.Fields = fields
	record.UpdatedAt = max(read.UpdatedAt, value.TimestampOf(time.Now()))
	record.version++
	return &record, changed(s.update.Exec(ctx, record.changing()...))
}

// Delete removes the version that was read, or returns errStale.
func (s *Store) Delete(ctx context.Context, read *Record) error {
	return changed(s.remove.Exec(ctx, read.ID, read.version))
}

func changed(rows int64, err error) error {
	if err == nil && rows == 0 {
		return errStale
	}
	return err
}
