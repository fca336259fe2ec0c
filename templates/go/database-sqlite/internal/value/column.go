package value

import (
	"database/sql/driver"
	"fmt"
)

// SQLite has no type for dates and times: a date is kept as text, a timestamp as its milliseconds.

// Value is what the column holds.
func (d Date) Value() (driver.Value, error) {
	return d.String(), nil
}

// Scan reads what Value wrote.
func (d *Date) Scan(column any) (err error) {
	text, ok := column.(string)
	if !ok {
		return fmt.Errorf("date: unexpected %T", column)
	}
	*d, err = ParseDate(text)
	return err
}

// Value is what the column holds.
func (t Timestamp) Value() (driver.Value, error) {
	return int64(t), nil
}

// Scan reads what Value wrote.
func (t *Timestamp) Scan(column any) error {
	milliseconds, ok := column.(int64)
	if !ok {
		return fmt.Errorf("timestamp: unexpected %T", column)
	}
	*t = Timestamp(milliseconds)
	return nil
}
