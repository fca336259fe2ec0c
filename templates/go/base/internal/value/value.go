// Package value holds the types that fields have on the wire and in the database: all of them,
// so that a resource that comes later finds its own.
package value

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"regexp"
	"strings"
	"sync"
	"time"
	"uuid"
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

// Identities makes version 7 UUIDs that ascend, even within one millisecond and when the
// clock steps back, which uuid.NewV7 does not promise. Pages are read in the order of ids; it
// is nearly that of the commits, so that a reader may miss a row that is inserted meanwhile.
type Identities struct {
	now func() time.Time

	mu      sync.Mutex
	last    int64
	counter uint16
}

// NewIdentities takes the clock to read, usually time.Now.
func NewIdentities(now func() time.Time) *Identities {
	return &Identities{now: now}
}

// Next is an id and the moment within it.
func (i *Identities) Next() (uuid.UUID, Timestamp) {
	var id uuid.UUID
	rand.Read(id[6:])
	random := binary.BigEndian.Uint16(id[6:])

	i.mu.Lock()
	defer i.mu.Unlock()
	if now := i.now().UnixMilli(); now > i.last {
		i.last, i.counter = now, random&0x7ff
	} else if i.counter++; i.counter > 0xfff {
		i.last, i.counter = i.last+1, 0
	}
	var head [8]byte
	binary.BigEndian.PutUint64(head[:], uint64(i.last)<<16)
	copy(id[:6], head[:6])
	binary.BigEndian.PutUint16(id[6:], 0x7000|i.counter)
	id[8] = 0x80 | id[8]&0x3f
	return id, Timestamp(i.last)
}

// ParseUUID reads the 36 characters of RFC 9562, in any case, and none of the other forms that uuid.Parse takes.
func ParseUUID(text string) (uuid.UUID, error) {
	id, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		return uuid.Nil(), errors.New("must be a UUID")
	}
	return id, nil
}
