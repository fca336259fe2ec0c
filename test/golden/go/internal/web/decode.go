package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"uuid"

	"example.com/billing/internal/input"
	"example.com/billing/internal/value"
)

// ReadJSON reads a body of one of the given media types, up to its syntax. Whether it holds what
// it should is for package input to say, after the preconditions: RFC 9110 puts those first.
func ReadJSON(r *http.Request, mediaTypes ...string) (input.Body, error) {
	essence, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if !slices.Contains(mediaTypes, strings.ToLower(strings.TrimSpace(essence))) {
		return input.Body{}, NewProblem(http.StatusUnsupportedMediaType, "the body must be "+strings.Join(mediaTypes, " or "))
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
