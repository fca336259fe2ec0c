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

// MinorUnits is the first of the two columns of money that may be null.
type MinorUnits struct{ Of **Money }

// Scan makes a new amount for each row, or none.
func (m MinorUnits) Scan(column any) error {
	switch units := column.(type) {
	case nil:
		*m.Of = nil
	case int64:
		*m.Of = &Money{MinorUnits: units}
	default:
		return fmt.Errorf("minor units: unexpected %T", column)
	}
	return nil
}

// Value is what the column holds.
func (m MinorUnits) Value() (driver.Value, error) {
	if *m.Of == nil {
		return nil, nil
	}
	return (*m.Of).MinorUnits, nil
}

// Currency is the second of the two columns; it is scanned after MinorUnits.
type Currency struct{ Of **Money }

// Scan completes the amount that MinorUnits made.
func (c Currency) Scan(column any) error {
	switch code := column.(type) {
	case nil:
		*c.Of = nil
	case string:
		(*c.Of).Currency = code
	default:
		return fmt.Errorf("currency: unexpected %T", column)
	}
	return nil
}

// Value is what the column holds.
func (c Currency) Value() (driver.Value, error) {
	if *c.Of == nil {
		return nil, nil
	}
	return (*c.Of).Currency, nil
}
