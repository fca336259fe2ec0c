// Package value holds the types that fields have on the wire and in the database.
package value

import (
	"errors"
	"regexp"
	"strings"
	"time"
)

// Date is a day without a time zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads YYYY-MM-DD of the years 0001 to 9999.
func ParseDate(text string) (Date, error) {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() == 0 {
		return Date{}, errors.New("must be a date, YYYY-MM-DD")
	}
	return Date{day.Year(), day.Month(), day.Day()}, nil
}

// Time is the day's first moment in UTC.
func (d Date) Time() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

func (d Date) String() string {
	return d.Time().Format(time.DateOnly)
}

// AppendText writes what ParseDate reads.
func (d Date) AppendText(b []byte) ([]byte, error) {
	return d.Time().AppendFormat(b, time.DateOnly), nil
}

// Timestamp is a moment in milliseconds since 1970, which is as fine as the API tells time.
type Timestamp int64

// timestamp is RFC 3339, of which time.Parse takes more, and with up to three decimals, of which it takes any.
var timestamp = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// ParseTimestamp reads RFC 3339 with any offset, in the years 0001 to 9999 of UTC.
func ParseTimestamp(text string) (Timestamp, error) {
	text = strings.ToUpper(text)
	moment, err := time.Parse(time.RFC3339, text)
	year := moment.UTC().Year()
	if err != nil || !timestamp.MatchString(text) || year < 1 || year > 9999 {
		return 0, errors.New("must be an RFC 3339 timestamp with at most three decimals")
	}
	return Timestamp(moment.UnixMilli()), nil
}

// TimestampOf cuts what is finer than a millisecond.
func TimestampOf(moment time.Time) Timestamp {
	return Timestamp(moment.UnixMilli())
}

// Time is the moment in UTC.
func (t Timestamp) Time() time.Time {
	return time.UnixMilli(int64(t)).UTC()
}

func (t Timestamp) String() string {
	text, _ := t.AppendText(nil)
	return string(text)
}

// AppendText writes UTC with three decimals. Of the layouts with decimals none is as fast
// as time.RFC3339, and a page holds a hundred of these.
func (t Timestamp) AppendText(b []byte) ([]byte, error) {
	moment := t.Time()
	b = moment.AppendFormat(b, time.RFC3339)
	ms := moment.Nanosecond() / int(time.Millisecond)
	return append(b[:len(b)-1], '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10), 'Z'), nil
}

// Money is an amount in the minor units of its currency, such as cents.
type Money struct {
	MinorUnits int64  `json:"minor_units"`
	Currency   string `json:"currency"`
}

// ParseCurrency reads a code of ISO 4217.
func ParseCurrency(text string) (string, error) {
	if len(text) != 3 || strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return "", errors.New("must be three capital letters")
	}
	return text, nil
}

// Equal compares two values of which either may be null.
func Equal[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
