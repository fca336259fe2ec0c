package web

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"uuid"
)

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
