// Package input reads the JSON object of a request into Go values, collecting every fault on the way.
//
// encoding/json alone cannot: it stops at the first fault, merges repeated members instead of
// taking the last, and does not tell a member that is missing from one that is null.
package input

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
	"uuid"

	"example.com/billing/internal/value"
)

const (
	// longestText is in code points, as the document of the API says.
	longestText = 2000
	// largestInteger is the largest that every reader of JSON holds exactly.
	largestInteger = 1<<53 - 1
	// mostUnknown keeps the answer to a body of nothing but unknown members short.
	mostUnknown = 20
	// longestUnknown is how many bytes of a name that nobody asked for the answer repeats.
	longestUnknown = 200
)

// Fault is one thing that is wrong with a body, and where (RFC 6901).
type Fault struct {
	Pointer jsontext.Pointer `json:"pointer"`
	Detail  string           `json:"detail"`
}

// Faults is the error of a body that is well-formed and not valid.
type Faults []Fault

func (f Faults) Error() string {
	return "the body is not valid"
}

// Body is the JSON of a request, well-formed.
type Body struct {
	root jsontext.Value
}

var errSyntax = errors.New("the body is not JSON in UTF-8")

// Parse reads no further than the syntax.
func Parse(text []byte) (Body, error) {
	body := Body{root: text}
	if !body.root.IsValid(jsontext.AllowDuplicateNames(true)) {
		return body, errSyntax
	}
	return body, nil
}

// Create reads a body that has to be complete.
func (b Body) Create(read func(*Object)) error {
	return b.read(false, read)
}

// Merge reads a merge patch (RFC 7396): what it leaves out stays as it is.
func (b Body) Merge(read func(*Object)) error {
	return b.read(true, read)
}

func (b Body) read(merging bool, read func(*Object)) error {
	var faults Faults
	Value{raw: b.root, merging: merging, faults: &faults}.object(read)
	if len(faults) > 0 {
		return faults
	}
	return nil
}

// Object is a JSON object whose members are read by name.
type Object struct {
	members map[string]jsontext.Value
	at      jsontext.Pointer
	merging bool
	faults  *Faults
}

// Value is one member of an Object.
type Value struct {
	raw     jsontext.Value
	at      jsontext.Pointer
	merging bool
	faults  *Faults
}

// Required reads a member that is never null.
func Required[T any](o *Object, name string, into *T, read func(Value, *T)) {
	value, ok := o.take(name)
	switch {
	case !ok && !o.merging:
		value.Fault("is required")
	case !ok:
	case value.raw.Kind() == jsontext.KindNull:
		value.Fault("must not be null")
	default:
		read(value, into)
	}
}

// Nullable reads a member that may be null, and may be left out.
func Nullable[T any](o *Object, name string, into **T, read func(Value, *T)) {
	value, ok := o.take(name)
	switch {
	case !ok:
	case value.raw.Kind() == jsontext.KindNull:
		*into = nil
	default:
		next := new(T)
		if *into != nil {
			*next = **into
		} else {
			value.merging = false
		}
		read(value, next)
		*into = next
	}
}

func (o *Object) take(name string) (Value, bool) {
	raw, ok := o.members[name]
	delete(o.members, name)
	return Value{raw: raw, at: o.at.AppendToken(name), merging: o.merging, faults: o.faults}, ok
}

// object reads a nested object; members that nobody asked for are faults.
func (v Value) object(read func(*Object)) {
	if v.raw.Kind() != jsontext.KindBeginObject {
		v.Fault("must be an object")
		return
	}
	o := Object{at: v.at, merging: v.merging, faults: v.faults}
	if err := json.Unmarshal(v.raw, &o.members, jsontext.AllowDuplicateNames(true)); err != nil {
		v.Fault("must be an object")
		return
	}
	read(&o)
	unknown := slices.Sorted(maps.Keys(o.members))
	for _, name := range unknown[:min(len(unknown), mostUnknown)] {
		if len(name) > longestUnknown {
			v.Fault("has a member with a long name, which is not a field")
			continue
		}
		Value{at: o.at.AppendToken(name), faults: o.faults}.Fault("is not a field")
	}
}

// Fault records what is wrong with the value.
func (v Value) Fault(detail string) {
	*v.faults = append(*v.faults, Fault{Pointer: v.at, Detail: detail})
}

// text is the string that the value holds, if it holds one.
func (v Value) text() (string, bool) {
	if v.raw.Kind() != jsontext.KindString {
		v.Fault("must be a string")
		return "", false
	}
	text, err := jsontext.AppendUnquote(nil, v.raw)
	if err != nil {
		v.Fault("must be a string")
	}
	return string(text), err == nil
}

// parsed reads the value as a string in a form of its own.
func parsed[T any](v Value, into *T, parse func(string) (T, error)) {
	text, ok := v.text()
	if !ok {
		return
	}
	result, err := parse(text)
	if err != nil {
		v.Fault(err.Error())
		return
	}
	*into = result
}

// Text reads any Unicode but NUL, at which other programs end a text.
func Text(v Value, into *string) {
	text, ok := v.text()
	switch {
	case !ok:
	case strings.Contains(text, "\x00"):
		v.Fault("must not contain NUL")
	case utf8.RuneCountInString(text) > longestText:
		v.Fault("must have at most " + strconv.Itoa(longestText) + " characters")
	default:
		*into = text
	}
}

// Integer reads a whole number, however it is written: 100, 100.0 and 1e2 are the same.
func Integer(v Value, into *int64) {
	if v.raw.Kind() != jsontext.KindNumber {
		v.Fault("must be an integer")
		return
	}
	digits, whole := wholeDigits(string(v.raw))
	if !whole {
		v.Fault("must be an integer")
		return
	}
	number, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || number > largestInteger || number < -largestInteger {
		v.Fault("must be from -(2^53-1) to 2^53-1")
		return
	}
	*into = number
}

// wholeDigits spells a JSON number out. It works on the text, since a float would round
// 1.00000000000000000001, and stops at 20 zeros, since 1e1000000 would fill the memory.
func wholeDigits(number string) (digits string, whole bool) {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(number), "e")
	integer, fraction, _ := strings.Cut(mantissa, ".")
	digits = strings.TrimRight(integer+fraction, "0")
	if digits == "" || digits == "-" {
		return "0", true
	}
	// Out of range, ParseInt answers the nearest number in it, which serves as well.
	power, _ := strconv.ParseInt(exponent, 10, 32)
	zeros := int(power) + len(integer) - len(digits)
	if zeros < 0 {
		return "", false
	}
	return digits + strings.Repeat("0", min(zeros, 20)), true
}

// OneOf reads one of the given strings.
func OneOf(choices ...string) func(Value, *string) {
	return func(v Value, into *string) {
		text, ok := v.text()
		switch {
		case !ok:
		case !slices.Contains(choices, text):
			v.Fault("must be one of " + strings.Join(choices, ", "))
		default:
			*into = text
		}
	}
}

// Boolean reads true or false.
func Boolean(v Value, into *bool) {
	switch v.raw.Kind() {
	case jsontext.KindTrue:
		*into = true
	case jsontext.KindFalse:
		*into = false
	default:
		v.Fault("must be true or false")
	}
}

// Date reads YYYY-MM-DD.
func Date(v Value, into *value.Date) {
	parsed(v, into, value.ParseDate)
}

// Timestamp reads RFC 3339.
func Timestamp(v Value, into *value.Timestamp) {
	parsed(v, into, value.ParseTimestamp)
}

// UUID reads the 36 characters, in any case.
func UUID(v Value, into *uuid.UUID) {
	parsed(v, into, value.ParseUUID)
}

// Money reads an object of minor_units and currency.
func Money(v Value, into *value.Money) {
	v.object(func(o *Object) {
		Required(o, "minor_units", &into.MinorUnits, Integer)
		Required(o, "currency", &into.Currency, currency)
	})
}

func currency(v Value, into *string) {
	parsed(v, into, value.ParseCurrency)
}
