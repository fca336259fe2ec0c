package value

import (
	"bytes"
	"testing"
	"time"
	"uuid"
)

func TestParseDate(t *testing.T) {
	for text, valid := range map[string]bool{
		"2026-01-31": true, "0001-01-01": true, "9999-12-31": true, "2024-02-29": true,
		"2025-02-29": false, "2026-13-01": false, "0000-01-01": false, "2026-1-31": false,
		"2026-01-31T00:00:00Z": false, "10000-01-01": false, "": false,
	} {
		date, err := ParseDate(text)
		if (err == nil) != valid {
			t.Errorf("ParseDate(%q): %v", text, err)
		}
		if valid && date.String() != text {
			t.Errorf("ParseDate(%q) = %v", text, date)
		}
	}
}

func TestParseTimestamp(t *testing.T) {
	for text, want := range map[string]string{
		"2026-01-31T08:30:00Z":          "2026-01-31T08:30:00.000Z",
		"2026-01-31t08:30:00.5z":        "2026-01-31T08:30:00.500Z",
		"2026-01-31T08:30:00.123+01:30": "2026-01-31T07:00:00.123Z",
		"2026-01-01T00:30:00-00:00":     "2026-01-01T00:30:00.000Z",
		"0001-01-01T00:00:00Z":          "0001-01-01T00:00:00.000Z",
		"9999-12-31T23:59:59.999Z":      "9999-12-31T23:59:59.999Z",
		"0001-01-01T00:00:00+00:01":     "",
		"9999-12-31T23:59:59-00:01":     "",
		"2026-01-31T08:30:00.1234Z":     "",
		"2026-01-31T08:30:60Z":          "",
		"2026-01-31T08:30:00,5Z":        "",
		"2026-01-31T8:30:00Z":           "",
		"2026-01-31T08:30:00+24:00":     "",
		"2026-01-31 08:30:00Z":          "",
		"2026-01-31T08:30:00":           "",
		"":                              "",
	} {
		timestamp, err := ParseTimestamp(text)
		if (err == nil) != (want != "") {
			t.Errorf("ParseTimestamp(%q): %v", text, err)
		}
		if err == nil && timestamp.String() != want {
			t.Errorf("ParseTimestamp(%q) = %v", text, timestamp)
		}
	}
}

func TestParseUUID(t *testing.T) {
	id := uuid.MustParse("0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b")
	for text, valid := range map[string]bool{
		"0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b":          true,
		"0190A1B2-C3D4-7E5F-8A6B-7C8D9E0F1A2B":          true,
		"0190a1b2c3d47e5f8a6b7c8d9e0f1a2b":              false,
		"{0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b}":        false,
		"urn:uuid:0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b": false,
		"0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2g":          false,
	} {
		got, err := ParseUUID(text)
		if (err == nil) != valid || valid && got != id {
			t.Errorf("ParseUUID(%q) = %v, %v", text, got, err)
		}
	}
}

func TestIdentitiesAscend(t *testing.T) {
	start := time.UnixMilli(1_800_000_000_000)
	clock := start
	identities := NewIdentities(func() time.Time { return clock })

	last, moment := identities.Next()
	if moment.Time() != start.UTC() || last[6]>>4 != 7 || last[8]>>6 != 2 {
		t.Fatalf("%v at %v is not a version 7 UUID of %v", last, moment, start)
	}
	for step := range 20_000 {
		switch step {
		case 10_000:
			clock = start.Add(-time.Hour)
		case 15_000:
			clock = start.Add(time.Hour)
		}
		next, _ := identities.Next()
		if bytes.Compare(last[:], next[:]) >= 0 {
			t.Fatalf("step %d: %v follows %v", step, next, last)
		}
		last = next
	}
}
