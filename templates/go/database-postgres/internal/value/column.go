package value

import (
	"errors"

	"github.com/jackc/pgx/v5/pgtype"
)

// errUnreadable is the error of a null or an infinity, which PostgreSQL can keep and the API cannot tell.
var errUnreadable = errors.New("neither null nor infinite can be answered")

// DateValue is what the column holds, null for none. pgx asks a nil pointer too.
func (d *Date) DateValue() (pgtype.Date, error) {
	if d == nil {
		return pgtype.Date{}, nil
	}
	return pgtype.Date{Time: d.Time(), Valid: true}, nil
}

// ScanDate reads what DateValue wrote.
func (d *Date) ScanDate(column pgtype.Date) error {
	if !column.Valid || column.InfinityModifier != pgtype.Finite {
		return errUnreadable
	}
	*d = Date{column.Time.Year(), column.Time.Month(), column.Time.Day()}
	return nil
}

// TimestamptzValue is what the column holds, null for none.
func (t *Timestamp) TimestamptzValue() (pgtype.Timestamptz, error) {
	if t == nil {
		return pgtype.Timestamptz{}, nil
	}
	return pgtype.Timestamptz{Time: t.Time(), Valid: true}, nil
}

// ScanTimestamptz reads what TimestamptzValue wrote.
func (t *Timestamp) ScanTimestamptz(column pgtype.Timestamptz) error {
	if !column.Valid || column.InfinityModifier != pgtype.Finite {
		return errUnreadable
	}
	*t = TimestampOf(column.Time)
	return nil
}
