package web

import (
	"net/http"
	"strconv"
	"strings"
)

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
