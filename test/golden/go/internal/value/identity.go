package value

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"sync"
	"time"
	"uuid"
)

// Identities makes version 7 UUIDs that ascend, even within one millisecond and when the
// clock steps back, which uuid.NewV7 does not promise: pages are read in the order of ids.
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
