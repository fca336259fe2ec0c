package web

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"uuid"

	"example.com/depot-service/internal/value"
)

// ReadJSON reads a body of one of the given media types, up to its syntax. What it has to hold is
// for package input to say, after the preconditions: RFC 9110 puts them first.
func ReadJSON(r *http.Request, mediaTypes ...string) (jsontext.Value, error) {
	essence, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if !slices.Contains(mediaTypes, strings.ToLower(strings.TrimSpace(essence))) {
		return nil, NewProblem(http.StatusUnsupportedMediaType, "the body must be "+strings.Join(mediaTypes, " or "))
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, bodyProblem(err)
	}
	var value jsontext.Value
	if err := json.Unmarshal(body, &value, jsontext.AllowDuplicateNames(true)); err != nil {
		return nil, NewProblem(http.StatusBadRequest, "the body is not JSON in UTF-8")
	}
	return value, nil
}

// bodyProblem tells a body that is too long or too slow from one that broke off.
func bodyProblem(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return NewProblem(http.StatusRequestEntityTooLarge, "the body is over the limit")
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return NewProblem(http.StatusRequestTimeout, "the body took too long")
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
