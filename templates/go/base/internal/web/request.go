package web

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"uuid"

	"example.com/depot-service/internal/input"
	"example.com/depot-service/internal/value"
)

// ReadJSON reads a body of one of the given media types, up to its syntax. Whether it holds what
// it should is for package input to say, after the preconditions: RFC 9110 puts those first.
func ReadJSON(r *http.Request, mediaTypes ...string) (input.Body, error) {
	// JSON defines no parameters, and whoever sends some means nothing by them (RFC 8259, 11).
	mediaType, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if !slices.Contains(mediaTypes, strings.ToLower(strings.TrimSpace(mediaType))) {
		return input.Body{}, NewProblem(http.StatusUnsupportedMediaType, "the body must be "+strings.Join(mediaTypes, " or "))
	}
	if coding := strings.Join(r.Header["Content-Encoding"], ","); coding != "" && !strings.EqualFold(coding, "identity") {
		return input.Body{}, NewProblem(http.StatusUnsupportedMediaType, "the body must not be encoded")
	}
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return input.Body{}, bodyProblem(err)
	}
	body, err := input.Parse(text)
	if err != nil {
		return input.Body{}, NewProblem(http.StatusBadRequest, err.Error())
	}
	return body, nil
}

// bodyProblem tells a body that is too long, too slow or broken off, by either side, from one that is malformed.
func bodyProblem(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return NewProblem(http.StatusRequestEntityTooLarge, "the body is over the limit")
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return NewProblem(http.StatusRequestTimeout, "the body took too long")
	}
	if _, ok := errors.AsType[*net.OpError](err); ok || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) {
		return errGone
	}
	return NewProblem(http.StatusBadRequest, "the body could not be read")
}

// PathID reads the {id} of a route.
func PathID(r *http.Request) (uuid.UUID, error) {
	id, err := value.ParseUUID(r.PathValue("id"))
	if err != nil {
		return id, NewProblem(http.StatusBadRequest, "id "+err.Error())
	}
	return id, nil
}

// ETag is the strong entity tag of a version.
func ETag(version int64) string {
	return `"` + strconv.FormatInt(version, 10) + `"`
}

// RequireMatch holds back a change that was made for another version; it must be made for one.
func RequireMatch(r *http.Request, etag string) error {
	if _, given := r.Header["If-Match"]; !given {
		return NewProblem(http.StatusPreconditionRequired, "If-Match is required")
	}
	return CheckMatch(r, etag)
}

// CheckMatch holds back a change that was made for another version, when it was made for one.
func CheckMatch(r *http.Request, etag string) error {
	header, given := r.Header["If-Match"]
	if given && !matches(header, func(tag string) bool { return tag == etag }) {
		return NewProblem(http.StatusPreconditionFailed, "If-Match does not name the current version")
	}
	return nil
}

// NotModified answers 304 when the client has this version already.
func NotModified(w http.ResponseWriter, r *http.Request, etag string) bool {
	header, given := r.Header["If-None-Match"]
	if !given || !matches(header, func(tag string) bool { return strings.TrimPrefix(tag, "W/") == etag }) {
		return false
	}
	w.Header().Set("ETag", etag)
	w.WriteHeader(http.StatusNotModified)
	return true
}

// matches reads "*" or a list of entity tags (RFC 9110, 8.8.3); a malformed list matches nothing.
func matches(header []string, match func(tag string) bool) bool {
	list := strings.Trim(strings.Join(header, ","), " \t")
	if list == "*" {
		return true
	}
	found := false
	for list != "" {
		tag, rest, ok := cutTag(list)
		if !ok {
			return false
		}
		found = found || tag != "" && match(tag)
		list = rest
	}
	return found
}

// cutTag cuts the list behind its first comma; between two commas there may be nothing.
func cutTag(list string) (tag, rest string, ok bool) {
	list = strings.TrimLeft(list, " \t")
	opaque := strings.TrimPrefix(list, "W/")
	if strings.HasPrefix(opaque, `"`) {
		end := strings.IndexFunc(opaque[1:], func(c rune) bool { return c <= ' ' || c == '"' || c == 0x7f }) + 1
		if end == 0 || opaque[end] != '"' {
			return "", "", false
		}
		rest = opaque[end+1:]
		tag = strings.TrimSuffix(list, rest)
	} else {
		rest = list
	}
	rest = strings.TrimLeft(rest, " \t")
	if rest == "" {
		return tag, "", true
	}
	rest, ok = strings.CutPrefix(rest, ",")
	return tag, rest, ok
}

// parameter reads one of the query's parameters, "" when it is not there. url.Values would drop
// a pair that it cannot decode, and so take a malformed parameter for a missing one.
func parameter(r *http.Request, name string) (string, error) {
	found := ""
	for pair := range strings.SplitSeq(r.URL.RawQuery, "&") {
		key, raw, _ := strings.Cut(pair, "=")
		if key, err := url.QueryUnescape(key); err != nil || key != name {
			continue
		}
		text, err := url.QueryUnescape(raw)
		if err != nil || text == "" || found != "" {
			return "", NewProblem(http.StatusBadRequest, name+" must be given once, and not empty")
		}
		found = text
	}
	return found, nil
}

const defaultLimit, mostLimit = 20, 100

// PageRequest asks for the records that follow an id.
type PageRequest struct {
	After uuid.UUID
	Limit int
}

// page is a part of a collection, and where to read on.
type page[T any] struct {
	Data       []T     `json:"data"`
	NextCursor *string `json:"next_cursor"`
}

// ReadPage reads the parameters limit and cursor.
func ReadPage(r *http.Request) (PageRequest, error) {
	request := PageRequest{Limit: defaultLimit}
	limit, err := parameter(r, "limit")
	if err != nil {
		return request, err
	}
	if limit != "" {
		request.Limit, err = strconv.Atoi(limit)
		if err != nil || request.Limit < 1 || request.Limit > mostLimit || strconv.Itoa(request.Limit) != limit {
			return request, NewProblem(http.StatusBadRequest, "limit must be from 1 to 100")
		}
	}
	cursor, err := parameter(r, "cursor")
	if err != nil {
		return request, err
	}
	if cursor != "" {
		after, err := cursors.DecodeString(cursor)
		if err != nil || len(after) != len(request.After) {
			return request, NewProblem(http.StatusBadRequest, "cursor is not the next_cursor of a page")
		}
		copy(request.After[:], after)
	}
	return request, nil
}

// cursors writes the 16 bytes of an id; strict, so that each id has one cursor only.
var cursors = base64.RawURLEncoding.Strict()

// WritePage answers with records that were read with a limit of one more than asked for,
// which tells whether another page follows.
func WritePage[T any](w http.ResponseWriter, r *http.Request, request PageRequest, records []T, id func(*T) uuid.UUID) error {
	answer := page[T]{Data: records}
	if len(records) > request.Limit {
		answer.Data = records[:request.Limit]
		last := id(&answer.Data[request.Limit-1])
		next := cursors.EncodeToString(last[:])
		answer.NextCursor = &next
		w.Header().Set("Link", fmt.Sprintf(`<%s?limit=%d&cursor=%s>; rel="next"`, r.URL.Path, request.Limit, next))
	}
	return WriteJSON(w, http.StatusOK, &answer)
}
